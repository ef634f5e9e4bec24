// Files on their way to the server: several at once, each with its progress.

import { button, h, icon } from './dom.js';
import { folder, makeFolder, problem, unreachable } from './dav.js';
import { askConflict } from './dialog.js';
import { count, duration, nameOf, numbered, size } from './format.js';

const atOnce = 3;
const mostShown = 40;
const rateOver = 3000; // ms

/** Files and folders of a drop, the empty folders too, as `{ file, path }`; a folder has no file. */
export async function dropped(items) {
    const found = [];
    async function walk(entry, path) {
        if (entry.isFile) {
            found.push({ file: await new Promise((take, fail) => entry.file(take, fail)), path });
            return;
        }

        found.push({ path: `${path}/` });
        const reader = entry.createReader();
        let some;
        do {
            some = await new Promise((take, fail) => reader.readEntries(take, fail)); // a hundred at a time
            for (const member of some) {
                await walk(member, `${path}/${member.name}`);
            }
        } while (some.length > 0);
    }

    const entries = [...items].filter(item => item.kind === 'file').map(item => item.webkitGetAsEntry()).filter(Boolean);
    for (const entry of entries) {
        await walk(entry, entry.name);
    }

    return found;
}

/** Events: `change` (something moved), `arrived` (detail: the folder that has something new). */
export class Uploads extends EventTarget {
    #all = [];
    #rows = new Map();
    #folders = new Map();
    #rule = null;
    #asking = Promise.resolve();
    #timer = 0;
    #arrived = 0;

    constructor() {
        super();
        this.sum = h('p', { className: 'sum' });
        this.bar = h('progress', { max: 1, value: 0, 'aria-label': 'All uploads' });
        this.stop = button('Cancel all', 'close', () => this.#all.forEach(upload => this.#cancel(upload)));
        this.again = button('Try failed again', 'retry', () => this.#all.filter(upload => upload.state === 'failed').forEach(upload => this.#retry(upload)));
        this.clear = button('Clear', null, () => this.#clear());
        this.list = h('ul', { className: 'tasks' });
        this.more = h('p', { className: 'more' });
        this.view = h('section', { 'aria-label': 'Uploads', hidden: true },
            h('h3', {}, 'Uploads'), this.sum, this.bar, h('div', { className: 'tools' }, this.again, this.stop, this.clear), this.list, this.more);
    }

    get isBusy() {
        return this.#all.some(upload => ['waiting', 'asking', 'sending'].includes(upload.state));
    }

    /** Takes files on: `{ file, path }`, the path relative to the folder. */
    add(target, files) {
        if (!this.isBusy) {
            this.#rule = null;
            this.#folders.clear();
        }

        this.#all.push(...files.map(({ file, path }) => ({
            file, path, target, name: path.replace(/\/$/, '').split('/').pop(), state: 'waiting', sent: 0, total: file?.size ?? 0, marks: [],
        })));
        this.#next();
        this.#show();
    }

    #next() {
        let free = atOnce - this.#all.filter(upload => ['sending', 'asking'].includes(upload.state)).length;
        for (const upload of this.#all) {
            if (free <= 0) {
                break;
            }

            if (upload.state === 'waiting') {
                free--;
                upload.state = 'sending';
                this.#run(upload);
            }
        }
    }

    async #run(upload) {
        try {
            const names = await this.#into(upload);
            if (upload.file && upload.state === 'sending') {
                await this.#put(upload, names);
            }

            if (upload.state === 'sending') {
                upload.state = 'done';
                this.#arrived++;
            }
        } catch (failure) {
            if (upload.state !== 'cancelled') {
                upload.state = 'failed';
                upload.problem = failure.message;
            }
        }

        if (upload.state === 'done' && !this.#soon) {
            this.#soon = setTimeout(() => {
                this.#soon = 0;
                this.dispatchEvent(new CustomEvent('arrived', { detail: upload.target }));
            }, this.isBusy ? 1000 : 0);
        }

        this.#next();
        this.#show();
    }

    #soon = 0;

    // The names that are in the folder of an upload already; the folder is made where it has to be.
    async #into(upload) {
        const parts = upload.path.split('/').slice(0, -1);
        let href = upload.target;
        let known = this.#folder(href, () => namesIn(href));
        for (const part of parts) {
            const inner = `${href}${encodeURIComponent(part)}/`;
            const isNew = !(await known).has(part);
            known = this.#folder(inner, async () => isNew && await makeFolder(inner, { mayExist: true }) ? new Set() : namesIn(inner));
            href = inner;
        }

        upload.folder = href;
        return await known;
    }

    #folder(href, find) {
        if (!this.#folders.has(href)) {
            const found = find();
            found.catch(() => this.#folders.delete(href)); // so that another try asks again
            this.#folders.set(href, found);
        }

        return this.#folders.get(href);
    }

    async #put(upload, names) {
        let overwrite = upload.overwrite;
        let name = upload.name;
        for (; ;) {
            if (names.has(name) && !overwrite) {
                const choice = await this.#ask(upload, name);
                if (choice === 'skip' || upload.state !== 'sending') {
                    upload.state = 'cancelled';
                    upload.problem = 'Skipped: the name is taken.';
                    return;
                }

                overwrite = choice === 'replace';
                for (let number = 2; !overwrite && names.has(name); number++) {
                    name = numbered(upload.name, number);
                }
            }

            const answer = await this.#send(upload, upload.folder + encodeURIComponent(name), overwrite);
            if (!answer.ok && answer.status !== 412) {
                throw await problem(answer, upload.folder + encodeURIComponent(name));
            }

            names.add(name);
            if (answer.ok) {
                return;
            }

            overwrite = false; // 412: somebody else was quicker, so it is asked about.
        }
    }

    // One question at a time; the answer may go for all that follow.
    #ask(upload, name) {
        upload.state = 'asking';
        this.#show();
        const asked = this.#asking.then(async () => {
            if (upload.state !== 'asking') {
                return 'skip';
            }

            const waiting = this.#all.some(other => other !== upload && ['waiting', 'asking', 'sending'].includes(other.state));
            const { choice, forAll } = this.#rule ? { choice: this.#rule } : await askConflict(name, { more: waiting });
            this.#rule = forAll ? choice : this.#rule;
            upload.state = upload.state === 'asking' ? 'sending' : upload.state;
            return choice;
        });
        this.#asking = asked.catch(() => {});
        return asked;
    }

    // XMLHttpRequest, because fetch does not tell how much of a body has left.
    #send(upload, href, overwrite) {
        return new Promise((take, fail) => {
            const request = upload.request = new XMLHttpRequest();
            request.open('PUT', href);
            request.setRequestHeader('X-OC-Mtime', String(Math.floor(upload.file.lastModified / 1000)));
            if (!overwrite) {
                request.setRequestHeader('If-None-Match', '*');
            }

            request.upload.onprogress = event => {
                upload.sent = Math.min(event.loaded, upload.total);
                const now = performance.now();
                upload.marks = [...upload.marks.filter(mark => now - mark.at < rateOver), { at: now, sent: upload.sent }];
                this.#show();
            };
            request.onload = () => take(new Response(request.status === 204 ? null : request.responseText, {
                status: request.status, headers: { 'Content-Type': request.getResponseHeader('Content-Type') ?? 'text/plain' },
            }));
            request.onerror = () => fail(new Error(unreachable));
            request.onabort = () => fail(new Error('Cancelled.'));
            upload.sent = 0;
            upload.marks = [{ at: performance.now(), sent: 0 }];
            request.send(upload.file);
        });
    }

    #cancel(upload) {
        if (['waiting', 'asking', 'sending'].includes(upload.state)) {
            upload.state = 'cancelled';
            upload.problem = 'Cancelled.';
            upload.request?.abort();
            this.#next();
            this.#show();
        }
    }

    #retry(upload) {
        Object.assign(upload, { state: 'waiting', sent: 0, marks: [], problem: undefined });
        this.#next();
        this.#show();
    }

    #clear() {
        this.#all = this.#all.filter(upload => ['waiting', 'asking', 'sending'].includes(upload.state));
        this.#arrived = 0;
        this.#show();
    }

    #show() {
        this.#timer ||= setTimeout(() => {
            this.#timer = 0;
            this.#render();
            this.dispatchEvent(new Event('change'));
        }, 100);
    }

    #render() {
        const of = (...states) => this.#all.filter(upload => states.includes(upload.state));
        const [busy, waiting, failed] = [of('sending', 'asking'), of('waiting'), of('failed')];
        const rest = [...busy, ...failed, ...waiting, ...of('done', 'cancelled').reverse()];
        const shown = rest.slice(0, mostShown);
        this.view.hidden = this.#all.length === 0;
        const bytes = this.#all.filter(upload => upload.state !== 'cancelled');
        const [sent, total] = [sum(bytes, upload => upload.state === 'done' ? upload.total : upload.sent), sum(bytes, upload => upload.total)];
        this.bar.value = this.isBusy ? (total > 0 ? sent / total : 0) : 1;
        this.sum.textContent = [
            `${count(this.#arrived, 'item')} uploaded`, busy.length + waiting.length > 0 ? `${count(busy.length + waiting.length, 'item')} to go` : null,
            failed.length > 0 ? `${failed.length} failed` : null, `${size(sent)} of ${size(total)}`].filter(Boolean).join(' · ');
        this.stop.hidden = !this.isBusy;
        this.again.hidden = failed.length < 2;
        this.clear.hidden = this.isBusy || this.#all.length === 0;
        this.more.textContent = rest.length > shown.length ? `and ${count(rest.length - shown.length, 'more', 'more')}` : '';
        const rows = new Map(shown.map(upload => [upload, this.#rows.get(upload) ?? this.#row(upload)]));
        this.#rows = rows;
        rows.forEach((row, upload) => row.update(upload));
        const wanted = [...rows.values()].map(row => row.element);
        if (wanted.length !== this.list.children.length || wanted.some((element, index) => this.list.children[index] !== element)) {
            this.list.replaceChildren(...wanted);
        }
    }

    #row(upload) {
        const bar = h('progress', { max: 1, value: 0, 'aria-label': `Upload of ${upload.name}` });
        const state = h('p', { className: 'state' });
        const cancel = button(`Cancel ${upload.name}`, 'close', () => this.#cancel(upload), { quiet: true });
        const again = button(`Try ${upload.name} again`, 'retry', () => this.#retry(upload), { quiet: true });
        const element = h('li', {}, icon(upload.file ? 'upload' : 'folder'),
            h('div', {}, h('p', { className: 'what', title: upload.path }, upload.name), bar, state), again, cancel);
        return {
            element,
            update() {
                element.className = upload.state;
                bar.value = upload.state === 'done' ? 1 : upload.total > 0 ? upload.sent / upload.total : 0;
                bar.hidden = !['sending', 'asking'].includes(upload.state);
                state.textContent = progressOf(upload);
                cancel.hidden = !['waiting', 'asking', 'sending'].includes(upload.state);
                again.hidden = upload.state !== 'failed';
            },
        };
    }
}

const sum = (list, value) => list.reduce((all, one) => all + value(one), 0);

async function namesIn(href) {
    return new Set((await folder(href)).entries.map(entry => entry.name));
}

function progressOf(upload) {
    const where = nameOf(upload.folder ?? upload.target) || 'Files';
    switch (upload.state) {
        case 'waiting':
            return `Waiting · ${size(upload.total)}`;
        case 'asking':
            return 'The name is taken';
        case 'sending': {
            const first = upload.marks[0];
            const seconds = first ? (performance.now() - first.at) / 1000 : 0;
            const rate = seconds > 0 ? (upload.sent - first.sent) / seconds : 0;
            return [`${size(upload.sent)} of ${size(upload.total)}`, rate > 0 ? `${size(rate)}/s` : null,
                rate > 0 && upload.sent < upload.total ? `${duration((upload.total - upload.sent) / rate)} left` : null].filter(Boolean).join(' · ');
        }

        case 'done':
            return `${size(upload.total)} · in ${where}`;
        default:
            return upload.problem;
    }
}
