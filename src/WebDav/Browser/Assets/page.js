// The page of a folder: takes over from the server's plain table what it says, and adds what needs a script.

import { button, h, icon, say } from './dom.js';
import { change, describe, folder, makeFolder, readHead, readRow, unlock } from './dav.js';
import { askConflict, askFolder, askName, form, open } from './dialog.js';
import { count, number, numbered, size, viewOf } from './format.js';
import { FileList } from './list.js';
import { Operations } from './operations.js';
import { dropped, Uploads } from './upload.js';
import { view } from './viewer.js';

document.documentElement.classList.add('live');
while (!document.querySelector('tbody')) {
    await new Promise(done => setTimeout(done, 10)); // The script can be quicker than the page.
}

// The browser goes on to put rows into this body, outside the document, where they need no layout: a long list is shown while it comes.
const source = document.querySelector('tbody');
const slice = 40; // Milliseconds that rows are read for at a time, between what the user does.
let page = { ...readHead(document), entries: [] };
let wanted = 0;
let pending = 0;
const main = document.querySelector('main');
const crumbs = document.querySelector('nav ol');
const list = new FileList(main);
const uploads = new Uploads();
const operations = new Operations(page.operations, page.user, () => true);

const filter = h('input', {
    type: 'search', placeholder: 'Filter', 'aria-label': 'Filter by name', autocomplete: 'off', spellcheck: false,
    on: { input: () => list.filter(filter.value), keydown: leaveFilter },
});
const badge = h('span', { className: 'badge' });
const activity = h('aside', { id: 'activity', 'aria-label': 'Activity', hidden: true },
    h('header', {}, h('h2', {}, 'Activity'), button('Close the activity panel', 'close', () => showActivity(false), { quiet: true })),
    uploads.view, operations.view);
const toggle = button('Activity', 'activity', () => showActivity(activity.hidden), { kind: 'quiet', 'aria-expanded': 'false', 'aria-controls': 'activity' });
toggle.append(badge);
const notices = h('div', { id: 'notices' });
const status = h('div', { id: 'status', role: 'status' });
const files = h('input', { type: 'file', multiple: true, hidden: true, 'aria-label': 'Files to upload', on: { change: () => choose(files, file => file.name) } });
const folders = h('input', {
    type: 'file', webkitdirectory: true, hidden: true, 'aria-label': 'Folder to upload', on: { change: () => choose(folders, file => file.webkitRelativePath) },
});

const general = h('div', { className: 'group' });
const forSelection = h('div', { className: 'group', hidden: true });
const toolbar = h('section', { id: 'toolbar', 'aria-label': 'Actions' }, general, forSelection);
const chosen = h('span', { className: 'chosen' });
const tools = {
    upload: button('Upload files', 'upload', () => files.click(), { kind: 'primary' }),
    uploadFolder: button('Upload folder', 'upload', () => folders.click()),
    add: button('New folder', 'add', addFolder),
    zip: h('a', { className: 'button', download: '' }, icon('download'), h('span', {}, 'Download as zip')),
    download: button('Download', 'download', download),
    copy: button('Copy…', 'copy', () => transfer('COPY')),
    move: button('Move…', 'move', () => transfer('MOVE')),
    rename: button('Rename…', 'rename', rename),
    remove: button('Delete…', 'remove', remove),
    none: button('Clear selection', 'close', () => list.clearSelection(), { quiet: true }),
};
const why = h('span', { className: 'why' });
general.append(tools.upload, tools.uploadFolder, tools.add, why, tools.zip);
forSelection.append(chosen, tools.download, tools.copy, tools.move, tools.rename, tools.remove, tools.none);

async function start() {
    document.querySelector('header .zip').remove();
    document.querySelector('header').append(filter, toggle);
    main.replaceChildren(notices, list.table, list.empty);
    main.before(toolbar);
    document.body.append(status, activity, files, folders);
    list.addEventListener('open', event => openEntry(event));
    list.addEventListener('lock', event => showLocks(event.detail));
    list.addEventListener('select', showTools);
    list.addEventListener('arrange', showStatus);
    uploads.addEventListener('change', showBadge);
    uploads.addEventListener('arrived', event => page.here.startsWith(event.detail) && refresh());
    operations.addEventListener('change', showBadge);
    operations.addEventListener('end', event => concernsThis(event.detail) && refresh());
    addEventListener('popstate', () => go(location.pathname, { push: false }));
    addEventListener('beforeunload', event => uploads.isBusy && event.preventDefault());
    addEventListener('pageshow', event => event.persisted && refresh());
    document.addEventListener('keydown', press);
    watchDrops();
    show({ isSame: false });
    await followSource();
}

async function followSource() {
    const first = page;
    for (let shown = 0, isWhole = false; !isWhole;) {
        isWhole = take(first.entries, performance.now() + slice);
        if ((isWhole || first.entries.length > 2 * shown) && page === first) {
            shown = first.entries.length;
            list.show(page.entries, { isSame: true });
            performance.mark('usable');
        }

        await new Promise(done => setTimeout(done, source.childElementCount > 1 ? 0 : 50));
    }

    performance.mark('whole');
}

/** Takes rows until then; the last may not be whole while the page comes. Says whether all that will ever be are taken. */
function take(entries, until) {
    const isWhole = document.readyState !== 'loading';
    for (let row = source.firstElementChild; row && (isWhole || row.nextElementSibling); row = source.firstElementChild) {
        if (performance.now() > until) {
            return false;
        }

        entries.push(readRow(row));
        row.remove();
    }

    return isWhole;
}

function show({ isSame }) {
    document.title = page.title;
    document.body.dataset.here = page.here;
    crumbs.replaceChildren(...page.crumbs.map((crumb, index) => h('li', {}, index === page.crumbs.length - 1
        ? h('h1', {}, crumb.name)
        : h('a', { href: crumb.href, on: { click: event => follow(event, crumb.href) } }, crumb.name))));
    crumbs.lastChild.scrollIntoView({ block: 'nearest' });
    const mayWrite = page.refusal === undefined;
    [tools.upload, tools.uploadFolder, tools.add, tools.move, tools.rename, tools.remove].forEach(tool => tool.hidden = !mayWrite);
    why.textContent = page.refusal ?? '';
    tools.zip.href = `${page.here}?zip`;
    notices.replaceChildren(...page.locks.map(lock => h('p', { className: 'notice' }, icon('lock'),
        h('span', {}, `This folder is locked by ${describe(lock)}.`), lock.isOwn ? button('Unlock', null, () => release([lock])) : null)));
    if (!isSame) {
        filter.value = '';
    }

    list.show(page.entries, { isSame });
}

function showStatus() {
    const all = page.entries.length;
    const folderCount = page.entries.filter(entry => entry.isFolder).length;
    const bytes = page.entries.reduce((sum, entry) => sum + Math.max(0, entry.size), 0);
    status.textContent = list.shownCount < all
        ? `${number(list.shownCount)} of ${count(all, 'item')}`
        : [count(folderCount, 'folder'), count(all - folderCount, 'file'), size(bytes)].join(' · ');
}

function showTools() {
    const selection = list.selection;
    general.hidden = selection.length > 0;
    forSelection.hidden = selection.length === 0;
    chosen.textContent = `${number(selection.length)} selected`;
    tools.rename.disabled = selection.length !== 1;
}

function showBadge() {
    const busy = operations.running + (uploads.isBusy ? 1 : 0);
    badge.textContent = busy > 0 ? number(busy) : '';
    toggle.classList.toggle('busy', busy > 0);
}

function showActivity(isShown) {
    activity.hidden = !isShown;
    toggle.setAttribute('aria-expanded', String(isShown));
    document.body.classList.toggle('active', isShown);
}

async function go(href, { push = true, focus = true } = {}) {
    const turn = ++wanted;
    main.setAttribute('aria-busy', 'true');
    try {
        const next = await folder(href);
        if (turn === wanted) {
            const isSame = next.here === page.here;
            page = next;
            if (push && !isSame) {
                history.pushState(null, '', page.here);
            }

            show({ isSame });
            if (focus && !isSame) {
                list.focus();
            }
        }
    } catch (problem) {
        say(problem.message, { wrong: true });
    } finally {
        if (turn === wanted) {
            main.removeAttribute('aria-busy');
        }
    }
}

// What comes in quick succession is read once.
function refresh() {
    pending ||= setTimeout(async () => {
        await go(page.here, { push: false, focus: false });
        pending = 0;
    }, 150);
}

function follow(event, href) {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        go(href);
    }
}

function openEntry(event) {
    const entry = event.detail;
    if (entry.isFolder) {
        event.preventDefault();
        go(entry.href);
    } else if (viewOf(entry.name)) {
        event.preventDefault();
        view(list.viewable, entry);
    }
}

function concernsThis({ source, destination }) {
    const parents = [source, destination].filter(Boolean).map(href => href.replace(/[^/]*\/?$/, ''));
    return parents.includes(page.here);
}

function choose(input, path) {
    upload([...input.files].map(file => ({ file, path: path(file) })));
    input.value = '';
}

function upload(found) {
    if (found.length > 0) {
        uploads.add(page.here, found);
        showActivity(true);
    }
}

function watchDrops() {
    const hasFiles = event => event.dataTransfer?.types.includes('Files');
    const mark = isOver => document.body.classList.toggle('dropping', isOver && page.refusal === undefined);
    addEventListener('dragover', event => {
        if (hasFiles(event)) {
            event.preventDefault();
            event.dataTransfer.dropEffect = page.refusal === undefined ? 'copy' : 'none';
            mark(true);
        }
    });
    addEventListener('dragleave', event => event.relatedTarget === null && mark(false));
    addEventListener('drop', async event => {
        if (!hasFiles(event)) {
            return;
        }

        event.preventDefault();
        mark(false);
        if (page.refusal !== undefined) {
            say(page.refusal, { wrong: true });
            return;
        }

        try {
            upload(await dropped(event.dataTransfer.items));
        } catch {
            say('This browser could not read all that was dropped. Nothing was uploaded.', { wrong: true });
        }
    });
}

function addFolder() {
    askName('New folder', 'Name', '', async name => {
        await makeFolder(page.here + encodeURIComponent(name));
        refresh();
    }, 'Make');
}

function rename() {
    const [entry] = list.selection;
    askName(`Rename ${entry.name}`, 'New name', entry.name, async name => {
        if (name !== entry.name) {
            if (list.names.has(name)) {
                throw new Error(`“${name}” is there already.`);
            }

            await change('MOVE', entry.href, { to: page.here + encodeURIComponent(name) + (entry.isFolder ? '/' : '') });
            refresh();
        }
    }, 'Rename');
}

function remove() {
    const selection = list.selection;
    const names = h('ul', { className: 'names' }, ...selection.slice(0, 5).map(entry => h('li', {}, entry.name)));
    if (selection.length > 5) {
        names.append(h('li', {}, `and ${count(selection.length - 5, 'more', 'more')}`));
    }

    form(`Delete ${selection.length === 1 ? selection[0].name : count(selection.length, 'item')}?`,
        [names, h('p', {}, selection.some(entry => entry.isFolder) ? 'Folders go with all that is in them. There is no way back.' : 'There is no way back.')],
        'Delete', () => void doAll('Delete', selection, (entry, begun) => change('DELETE', entry.href, { begun })), { danger: true });
}

async function transfer(method) {
    const selection = list.selection;
    const from = page.here;
    const [verb, what] = [method === 'COPY' ? 'Copy' : 'Move', selection.length === 1 ? selection[0].name : count(selection.length, 'item')];
    const target = await askFolder(`${verb} ${what} to`, `${verb} here`, from);
    if (target === null || (target === from && method === 'MOVE')) {
        return;
    }

    try {
        const names = new Set((await folder(target)).entries.map(entry => entry.name));
        const jobs = await settle(selection, names, target === from);
        await doAll(verb, jobs, (job, begun) => change(
            method, job.href, { to: target + encodeURIComponent(job.as) + (job.isFolder ? '/' : ''), overwrite: job.overwrite, begun }));
    } catch (problem) {
        say(problem.message, { wrong: true });
    }
}

// What becomes of the names that are taken; a copy beside its original is not asked about.
async function settle(selection, names, isSame) {
    const jobs = [];
    let rule = isSame ? 'both' : null;
    for (const [index, entry] of selection.entries()) {
        let as = entry.name;
        let choice = null;
        if (names.has(as)) {
            const answer = rule ? { choice: rule } : await askConflict(as, { more: index < selection.length - 1 });
            choice = answer.choice;
            rule = answer.forAll ? choice : rule;
            for (let next = 2; choice === 'both' && names.has(as); next++) {
                as = entry.isFolder ? `${entry.name} (${next})` : numbered(entry.name, next);
            }
        }

        if (choice !== 'skip') {
            names.add(as);
            jobs.push({ href: entry.href, isFolder: entry.isFolder, as, overwrite: choice === 'replace' });
        }
    }

    return jobs;
}

const past = { Copy: 'copied', Move: 'moved', Delete: 'deleted' };

// Four requests at a time; what the server has taken on makes room for the next, so that soon all is out of this page's hands.
async function doAll(verb, jobs, work) {
    const [queue, ends] = [[...jobs], []];
    const line = async () => {
        for (let job = queue.shift(); job; job = queue.shift()) {
            const goesOn = await new Promise(begun => ends.push(work(job, begun).finally(() => (begun(false), refresh()))));
            if (goesOn) {
                showActivity(true);
            }
        }
    };
    await Promise.all([line(), line(), line(), line()]);
    const problems = (await Promise.allSettled(ends)).filter(end => end.status === 'rejected').map(end => end.reason.message);
    if (jobs.length > problems.length) {
        say(`${count(jobs.length - problems.length, 'item')} ${past[verb]}.`);
    }

    if (problems.length > 0) {
        const rest = problems.length > 3 ? ` And ${problems.length - 3} more.` : '';
        say(`${verb}: ${problems.slice(0, 3).join(' ')}${rest}`, { wrong: true });
    }
}

function download() {
    for (const entry of list.selection) {
        const link = h('a', { href: entry.isFolder ? `${entry.href}?zip` : entry.href, download: entry.isFolder ? `${entry.name}.zip` : entry.name });
        link.click();
    }
}

function showLocks(entry) {
    const own = entry.locks.filter(lock => lock.isOwn);
    const said = h('ul', { className: 'names' }, ...entry.locks.map(lock => h('li', {}, `Locked by ${describe(lock)}`)));
    if (own.length === 0) {
        open(entry.name, [h('div', { className: 'body' }, said, h('p', {}, 'Whoever has a lock can take it off, and it ends by itself if it is not renewed.'))]);
        return;
    }

    form(entry.name, [said, h('p', {}, 'A program that has the file open may lose what it has not saved yet.')], 'Unlock', () => release(own, { rethrow: true }));
}

async function release(locks, { rethrow = false } = {}) {
    try {
        await Promise.all(locks.map(unlock));
    } catch (problem) {
        if (rethrow) {
            throw problem;
        }

        say(problem.message, { wrong: true });
    } finally {
        refresh();
    }
}

function leaveFilter(event) {
    if (event.key === 'Escape') {
        filter.value = '';
        list.filter('');
        list.focus();
    } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
        event.preventDefault();
        list.focus();
    }
}

function press(event) {
    if (document.querySelector('dialog[open]') || event.target.matches('input:not([type=checkbox]), textarea')) {
        return;
    }

    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const mayWrite = page.refusal === undefined;
    const selection = list.selection;
    if (event.key === 'Escape') {
        selection.length > 0 ? list.clearSelection() : showActivity(false);
    } else if (event.key === 'Delete' && mayWrite && selection.length > 0) {
        remove();
    } else if (event.key === 'F2' && mayWrite && selection.length === 1) {
        rename();
    } else if ((event.key === 'ArrowUp' && event.altKey || event.key === 'Backspace' && isPlain) && page.crumbs.length > 1) {
        go(page.crumbs.at(-2).href);
    } else if (isPlain && event.key.length === 1 && event.key !== ' ' && list.table.contains(event.target)) {
        filter.focus(); // and the letter goes into it
        return;
    } else {
        return;
    }

    event.preventDefault();
}

await start();
