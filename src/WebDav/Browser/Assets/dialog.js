// Questions. What was typed stays until it was taken: a problem is said in the dialog, and the dialog stays open.

import { button, h } from './dom.js';
import { folder } from './dav.js';

/** Opens a dialog that is gone when it is closed; returns it. */
export function open(title, content, { kind = '' } = {}) {
    const heading = h('h2', { id: `dialog-${Date.now()}` }, title);
    const dialog = h('dialog', { className: kind, 'aria-labelledby': heading.id }, h('header', {}, heading), ...content);
    dialog.querySelector('header').append(button('Close', 'close', () => dialog.close(), { quiet: true }));
    const back = document.activeElement;
    dialog.addEventListener('close', () => {
        dialog.remove();
        if (back?.isConnected) {
            back.focus();
        }
    });
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
}

/** A form: `submit` is called with the form; what it throws is shown, and all that was entered stays. Resolves to whether it was done. */
export function form(title, fields, label, submit, { danger = false } = {}) {
    return new Promise(resolve => {
        let done = false;
        const wrong = h('p', { className: 'wrong', role: 'alert' });
        const send = h('button', { type: 'submit', className: danger ? 'danger' : 'primary' }, label);
        const content = h('form', { method: 'dialog', noValidate: true }, ...fields, wrong, h('footer', {},
            button('Cancel', null, () => dialog.close()), send));
        content.addEventListener('submit', async event => {
            event.preventDefault();
            wrong.textContent = '';
            send.disabled = true;
            try {
                await submit(content);
                done = true;
                dialog.close();
            } catch (problem) {
                wrong.textContent = problem.message;
            } finally {
                send.disabled = false;
            }
        });
        const dialog = open(title, [content]);
        dialog.addEventListener('close', () => resolve(done));
    });
}

/** Asks for a name; `take` is called with it. */
export function askName(title, label, initial, take, action) {
    const input = h('input', { name: 'name', type: 'text', value: initial, autocomplete: 'off', spellcheck: false, required: true });
    const asked = form(title, [h('label', {}, label, input)], action, async () => {
        const name = input.value.trim();
        if (name === '' || name === '.' || name === '..' || name.includes('/')) {
            throw new Error('A name must not be empty, “.” or “..”, and holds no “/”.');
        }

        await take(name);
    });
    const dot = initial.lastIndexOf('.');
    input.focus();
    input.setSelectionRange(0, dot > 0 ? dot : initial.length);
    return asked;
}

/** Asks what to do about a name that is taken; resolves to `replace`, `both` or `skip`, and whether that goes for the rest. */
export function askConflict(name, { more = false } = {}) {
    return new Promise(resolve => {
        let choice = 'skip';
        const all = h('input', { type: 'checkbox', name: 'all' });
        const choose = (label, value, kind = '') => button(label, null, () => {
            choice = value;
            dialog.close();
        }, { kind });
        const content = h('div', { className: 'body' },
            h('p', {}, `“${name}” is there already.`),
            more ? h('label', { className: 'check' }, all, 'Do the same for the rest') : null,
            h('footer', {}, choose('Skip', 'skip'), choose('Keep both', 'both'), choose('Replace', 'replace', 'danger')));
        const dialog = open('The name is taken', [content]);
        dialog.addEventListener('close', () => resolve({ choice, forAll: all.checked }));
    });
}

/** Lets a folder be chosen; resolves to its address, or null. */
export function askFolder(title, label, start) {
    return new Promise(resolve => {
        let chosen = null;
        let shown = start;
        const path = h('p', { className: 'path' });
        const list = h('ul', { className: 'folders', 'aria-label': 'Folders' });
        const wrong = h('p', { className: 'wrong', role: 'alert' });
        const take = button(label, null, () => {
            chosen = shown;
            dialog.close();
        }, { kind: 'primary' });

        async function show(href) {
            wrong.textContent = '';
            try {
                const page = await folder(href);
                shown = page.here;
                take.disabled = page.refusal !== undefined;
                const crumbs = page.crumbs.flatMap((crumb, index) => [
                    index > 0 ? ' / ' : '', crumb.href === shown ? h('b', {}, crumb.name) : button(crumb.name, null, () => show(crumb.href), { kind: 'link' })]);
                path.replaceChildren(...crumbs);
                const names = new Intl.Collator(undefined, { numeric: true });
                const folders = page.entries.filter(entry => entry.isFolder).sort((a, b) => names.compare(a.name, b.name));
                list.replaceChildren(...folders.map(entry => h('li', {}, button(entry.name, 'folder', () => show(entry.href)))));
                if (folders.length === 0) {
                    list.append(h('li', { className: 'none' }, 'No folders in here'));
                }

                wrong.textContent = page.refusal ?? '';
            } catch (problem) {
                wrong.textContent = problem.message;
            }
        }

        const dialog = open(title, [h('div', { className: 'body' }, path, list, wrong,
            h('footer', {}, button('Cancel', null, () => dialog.close()), take))], { kind: 'chooser' });
        dialog.addEventListener('close', () => resolve(chosen));
        show(start);
    });
}
