// Everything long that the server does for this user, whoever has started it: live through server-sent events.

import { button, h, icon } from './dom.js';
import { problem, send } from './dav.js';
import { count, duration, nameOf, number, size, time } from './format.js';

const words = { COPY: 'Copy', MOVE: 'Move', DELETE: 'Delete', LOCK: 'Lock', PROPFIND: 'List' };
const icons = { COPY: 'copy', MOVE: 'move', DELETE: 'remove', LOCK: 'lock', PROPFIND: 'text' };
const states = {
    paused: 'Paused', succeeded: 'Done', failed: 'Failed', cancelled: 'Cancelled', interrupted: 'Interrupted by the end of the server',
};
const mostShown = 50;

/** Events: `change`, and `end` with the operation that has ended. */
export class Operations extends EventTarget {
    #known = new Map();
    #rows = new Map();
    #stream = null;

    constructor(href, user, mayControl) {
        super();
        Object.assign(this, { href, user, mayControl });
        this.wrong = h('p', { className: 'wrong', role: 'alert' });
        this.none = h('p', { className: 'none' }, 'Nothing runs, and nothing has run lately.');
        this.list = h('ul', { className: 'tasks' });
        this.view = h('section', { 'aria-label': 'Operations' }, h('h3', {}, 'Operations'), this.wrong, this.none, this.list);

        // A browser has six connections to a server, for all its tabs together: those that nobody sees take none.
        document.addEventListener('visibilitychange', () => this.#listen());
        addEventListener('pagehide', () => this.#close());
        addEventListener('pageshow', () => this.#listen());
        this.#listen();
    }

    get running() {
        return [...this.#known.values()].filter(operation => !operation.ended).length;
    }

    #listen() {
        if (document.hidden) {
            this.#close();
        } else if (this.#stream === null) {
            this.#stream = new EventSource(`${this.href}/events`);
            this.#stream.addEventListener('open', () => this.#load());
            this.#stream.addEventListener('error', () => {
                this.wrong.textContent = 'The server cannot be reached; this is how things stood last.';
            });
            for (const kind of ['progress', 'done']) {
                this.#stream.addEventListener(kind, event => this.#take(JSON.parse(event.data)));
            }
        }
    }

    #close() {
        this.#stream?.close();
        this.#stream = null;
    }

    async #load() {
        try {
            const response = await send('GET', this.href);
            if (!response.ok) {
                throw await problem(response, this.href);
            }

            const { operations } = await response.json();
            const listed = new Set(operations.map(operation => operation.id));
            operations.reverse().forEach(operation => this.#take(operation, { isOld: true }));
            for (const [id, operation] of this.#known) {
                if (!operation.ended && !listed.has(id)) {
                    this.#known.delete(id); // It has ended while nobody listened, and was too short to be kept.
                }
            }

            this.wrong.textContent = '';
            this.#render();
        } catch (failure) {
            this.wrong.textContent = failure.message;
        }
    }

    #take(operation, { isOld = false } = {}) {
        const before = this.#known.get(operation.id);
        if (before?.ended) {
            return;
        }

        this.#known.set(operation.id, operation);
        if (operation.ended && !isOld) {
            this.dispatchEvent(new CustomEvent('end', { detail: operation }));
        }

        this.#render();
    }

    #render() {
        const all = [...this.#known.values()].sort((a, b) => !!a.ended - !!b.ended || (a.started < b.started ? 1 : -1)).slice(0, mostShown);
        const rows = new Map(all.map(operation => [operation.id, this.#rows.get(operation.id) ?? this.#row(operation)]));
        this.#rows = rows;
        all.forEach(operation => rows.get(operation.id).update(operation));
        const wanted = [...rows.values()].map(row => row.element);
        if (wanted.length !== this.list.children.length || wanted.some((element, index) => this.list.children[index] !== element)) {
            this.list.replaceChildren(...wanted);
        }

        this.none.hidden = all.length > 0;
        this.dispatchEvent(new Event('change'));
    }

    #row({ id, method, source, destination, user, links }) {
        const what = `${words[method] ?? method} ${nameOf(source) || 'Files'}${destination ? ` to ${decoded(destination)}` : ''}`;
        const wrong = h('p', { className: 'wrong', role: 'alert' });
        const command = word => () => this.#command(links, word, wrong);
        const bar = h('progress', { 'aria-label': what });
        const state = h('p', { className: 'state' });
        const pause = button(`Pause: ${what}`, 'pause', command('pause'), { quiet: true });
        const resume = button(`Resume: ${what}`, 'resume', command('resume'), { quiet: true });
        const cancel = button(`Cancel: ${what}`, 'close', command('cancel'), { quiet: true });
        const failures = h('ul');
        const details = h('details', { hidden: true }, h('summary', {}, 'What failed'), failures);
        details.addEventListener('toggle', () => details.open && this.#failures(links.self, failures));
        const element = h('li', { 'data-id': id }, icon(icons[method] ?? 'activity'),
            h('div', {}, h('p', { className: 'what', title: what }, what, user !== undefined && user !== this.user ? h('small', {}, ` by ${user}`) : null),
                bar, state, wrong, details), pause, resume, cancel);
        return {
            element,
            update: operation => {
                const { progress } = operation;
                const isByBytes = progress.totalBytes > 0 && progress.bytes > 0;
                const [done, total] = isByBytes ? [progress.bytes, progress.totalBytes] : [progress.items, progress.total];
                element.className = operation.state;
                bar.hidden = operation.ended !== undefined;
                if (total > 0) {
                    bar.max = total;
                    bar.value = done;
                }

                const hidden = [operation.state !== 'running', operation.state !== 'paused', operation.ended !== undefined];
                [pause, resume, cancel].forEach((control, index) => keepFocus(control, !this.mayControl() || hidden[index], [pause, resume, cancel]));
                state.textContent = describe(operation);
                details.hidden = !operation.ended || !progress.failures;
            },
        };
    }

    // The socket is made for one word: what comes of it is seen in the events.
    #command(links, word, wrong) {
        wrong.textContent = '';
        const socket = new WebSocket(new URL(links.socket, location.href.replace(/^http/, 'ws')));
        socket.onopen = () => {
            socket.send(word);
            socket.close();
        };
        socket.onerror = () => {
            wrong.textContent = 'The server did not take that: the operation may have ended, or the server cannot be reached.';
        };
    }

    async #failures(self, list) {
        try {
            const { failures = [] } = await (await send('GET', self)).json();
            list.replaceChildren(...failures.slice(0, 200).map(({ href, status, reason }) => h('li', {}, `${decoded(href)}: ${reason} (${status})`)));
        } catch (failure) {
            list.replaceChildren(h('li', {}, failure.message));
        }
    }
}

const decoded = href => href.replace(/\/$/, '').split('/').map(nameOf).join('/') || '/';

// A button that vanishes under the hand gives its focus to the one that takes its place.
function keepFocus(control, hide, others) {
    const hadFocus = hide && document.activeElement === control;
    control.hidden = hide;
    if (hadFocus) {
        setTimeout(() => others.find(other => !other.hidden)?.focus());
    }
}

function describe({ state, progress, started, ended, reason, status }) {
    const { items, total, bytes, totalBytes, failures, itemsPerSecond, bytesPerSecond, secondsLeft } = progress;
    const done = total === undefined ? count(items, 'item') : `${number(items)} of ${count(total, 'item')}`;
    const copied = totalBytes > 0 ? `${size(bytes)} of ${size(totalBytes)}` : null;
    const failed = failures > 0 ? `${number(failures)} failed` : null;
    if (ended) {
        const long = duration((new Date(ended) - new Date(started)) / 1000);
        return [states[state] + (reason && state === 'failed' ? `: ${reason} (${status})` : ''), done, totalBytes > 0 ? size(bytes) : null, failed, `${long}, ${time(new Date(ended))}`]
            .filter(Boolean).join(' · ');
    }

    const rate = state === 'paused' ? states.paused : copied && bytes > 0 ? `${size(bytesPerSecond)}/s` : `${number(Math.round(itemsPerSecond))}/s`;
    const left = state !== 'paused' && secondsLeft !== undefined ? `${duration(secondsLeft)} left` : null;
    return [done, copied, rate, left, failed].filter(Boolean).join(' · ');
}
