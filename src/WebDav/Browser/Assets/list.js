// The table of a folder. Only the rows in sight are in the document, so that a hundred thousand are as quick as ten.

import { h, icon } from './dom.js';
import { describe } from './dav.js';
import { size, time, viewOf } from './format.js';

const columns = [['name', 'Name'], ['kind', 'Kind'], ['size', 'Size'], ['modified', 'Modified']];
const spare = 12;
const names = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Events: `open` (detail: entry), `select`, `lock` (detail: entry). */
export class FileList extends EventTarget {
    #entries = [];
    #shown = [];
    #rows = new Map();
    #selected = new Set();
    #key = 'name';
    #isDescending = false;
    #filter = '';
    #active = 0;
    #anchor = 0;
    #rowHeight = 0;

    constructor(scroller) {
        super();
        this.scroller = scroller;
        this.all = h('input', { type: 'checkbox', 'aria-label': 'Select all', tabIndex: -1, on: { change: () => this.#selectAll(this.all.checked) } });
        this.heads = columns.map(([key, label]) => h('th', { scope: 'col', className: key },
            h('button', { type: 'button', on: { click: () => this.#sortBy(key) } }, label)));
        this.above = h('tbody', { 'aria-hidden': 'true' }, h('tr', {}, h('td', { colSpan: 5 })));
        this.body = h('tbody');
        this.below = this.above.cloneNode(true);
        this.table = h('table', { role: 'grid', 'aria-label': 'Files', 'aria-multiselectable': 'true' },
            h('thead', {}, h('tr', { 'aria-rowindex': 1 }, h('th', { className: 'pick', scope: 'col' }, this.all), ...this.heads)),
            this.above, this.body, this.below);
        this.empty = h('p', { className: 'empty' });
        scroller.addEventListener('scroll', () => this.#render(), { passive: true });
        new ResizeObserver(() => {
            this.#rowHeight = 0;
            this.#render();
        }).observe(scroller);
        this.table.addEventListener('keydown', event => this.#press(event));
        this.body.addEventListener('click', event => this.#click(event));
    }

    get selection() {
        return this.#entries.filter(entry => this.#selected.has(entry.href));
    }

    get names() {
        return new Set(this.#entries.map(entry => entry.name));
    }

    /** The files that can be shown in place, in the order of the table. */
    get viewable() {
        return this.#shown.filter(entry => !entry.isFolder && viewOf(entry.name));
    }

    /** Shows these entries. Where the same folder is shown anew, place and selection stay. */
    show(entries, { isSame = false } = {}) {
        const active = this.#shown[this.#active]?.href;
        this.#entries = entries;
        if (isSame) {
            const there = new Set(entries.map(entry => entry.href));
            this.#selected = new Set([...this.#selected].filter(href => there.has(href)));
        } else {
            this.#selected.clear();
            this.#filter = '';
            this.scroller.scrollTop = 0;
        }

        this.#arrange(isSame ? active : undefined);
        this.#tell();
    }

    filter(text) {
        this.#filter = text.trim().toLocaleLowerCase();
        this.scroller.scrollTop = 0;
        this.#arrange();
    }

    clearSelection() {
        this.#selected.clear();
        this.#changed();
    }

    focus() {
        this.#focus(this.#active);
    }

    #arrange(active) {
        const found = this.#filter ? this.#entries.filter(entry => entry.name.toLocaleLowerCase().includes(this.#filter)) : [...this.#entries];
        const way = this.#isDescending ? -1 : 1;
        const key = this.#key;
        const by = {
            name: (a, b) => names.compare(a.name, b.name),
            kind: (a, b) => names.compare(a.kind, b.kind) || names.compare(a.name, b.name),
            size: (a, b) => a.size - b.size || names.compare(a.name, b.name),
            modified: (a, b) => (a.modified < b.modified ? -1 : a.modified > b.modified ? 1 : names.compare(a.name, b.name)),
        }[key];
        this.#shown = found.sort((a, b) => b.isFolder - a.isFolder || way * by(a, b));
        this.heads.forEach((head, index) => {
            const isKey = columns[index][0] === key;
            head.ariaSort = isKey ? (this.#isDescending ? 'descending' : 'ascending') : 'none';
        });
        this.#active = Math.max(0, active === undefined ? 0 : this.#shown.findIndex(entry => entry.href === active));
        this.#anchor = this.#active;
        this.table.setAttribute('aria-rowcount', this.#shown.length + 1);
        this.empty.textContent = this.#shown.length > 0 ? '' : this.#filter ? 'Nothing here has that in its name.' : 'This folder is empty.';
        this.#rows.clear();
        this.body.replaceChildren();
        this.#render();
        this.dispatchEvent(new Event('arrange'));
    }

    get shownCount() {
        return this.#shown.length;
    }

    #sortBy(key) {
        this.#isDescending = this.#key === key && !this.#isDescending;
        this.#key = key;
        this.#arrange(this.#shown[this.#active]?.href);
    }

    #render() {
        if (this.#rowHeight === 0 && this.#shown.length > 0) {
            this.body.replaceChildren(this.#row(0));
            this.#rowHeight = this.body.firstChild.getBoundingClientRect().height;
            this.#rows.clear();
            this.body.replaceChildren();
        }

        const height = this.#rowHeight || 1;
        const first = Math.max(0, Math.floor(this.scroller.scrollTop / height) - spare);
        const end = Math.min(this.#shown.length, Math.ceil((this.scroller.scrollTop + this.scroller.clientHeight) / height) + spare);
        const wanted = new Map();
        for (let index = Math.min(first, end); index < end; index++) {
            wanted.set(index, this.#rows.get(index) ?? this.#row(index));
        }

        this.#rows.forEach((row, index) => wanted.has(index) || row.remove());
        let before = null;
        for (const row of wanted.values()) {
            if (!row.isConnected) {
                before === null ? this.body.prepend(row) : before.after(row);
            }

            before = row;
        }

        this.#rows = wanted;
        this.#pad(this.above, first * height);
        this.#pad(this.below, (this.#shown.length - end) * height);
    }

    #pad(body, height) {
        body.hidden = height <= 0;
        body.firstChild.firstChild.style.height = `${height}px`;
    }

    #row(index) {
        const entry = this.#shown[index];
        const isPicked = this.#selected.has(entry.href);
        const kind = entry.isFolder ? 'folder' : viewOf(entry.name) ?? 'file';
        const lock = entry.locks.length === 0 ? null : h('button', {
            type: 'button', className: 'lock', tabIndex: -1, title: `Locked by ${entry.locks.map(describe).join('; ')}`,
            'aria-label': `${entry.name} is locked by ${entry.locks.map(describe).join('; ')}`,
        }, icon('lock'));
        const length = entry.isFolder ? '' : size(entry.size);
        const modified = time(new Date(entry.modified));
        return h('tr', { 'aria-rowindex': index + 2, 'aria-selected': String(isPicked), 'data-index': index },
            h('td', { className: 'pick' }, h('input', { type: 'checkbox', checked: isPicked, tabIndex: -1, 'aria-label': `Select ${entry.name}` })),
            h('td', { className: 'name' }, icon(kind === 'pdf' ? 'text' : kind),
                h('span', { className: 'words' },
                    h('a', { href: entry.href, tabIndex: index === this.#active ? 0 : -1, title: entry.name, draggable: false }, entry.name),
                    h('small', {}, length ? `${length} · ${modified}` : modified)), lock),
            h('td', { className: 'kind' }, entry.kind),
            h('td', { className: 'size' }, length),
            h('td', { className: 'modified' }, modified));
    }

    #click(event) {
        const row = event.target.closest('tr');
        const index = Number(row.dataset.index);
        const entry = this.#shown[index];
        this.#setActive(index);
        if (event.target.closest('.lock')) {
            this.dispatchEvent(new CustomEvent('lock', { detail: entry }));
        } else if (event.target.closest('a')) {
            if (!event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
                this.#open(entry, event);
            }
        } else if (event.shiftKey) {
            this.#selectTo(index);
        } else {
            this.#toggle(index);
        }
    }

    #open(entry, event) {
        this.dispatchEvent(new CustomEvent('open', { detail: entry, cancelable: true })) || event.preventDefault();
    }

    #toggle(index) {
        const { href } = this.#shown[index];
        this.#selected.delete(href) || this.#selected.add(href);
        this.#anchor = index;
        this.#changed();
    }

    #selectTo(index) {
        const [from, to] = [Math.min(index, this.#anchor), Math.max(index, this.#anchor)];
        this.#shown.slice(from, to + 1).forEach(entry => this.#selected.add(entry.href));
        this.#changed();
    }

    #selectAll(isAll) {
        this.#selected = new Set(isAll ? this.#shown.map(entry => entry.href) : []);
        this.#changed();
    }

    #changed() {
        this.#rows.forEach((row, index) => {
            const isPicked = this.#selected.has(this.#shown[index].href);
            row.ariaSelected = String(isPicked);
            row.querySelector('input').checked = isPicked;
        });
        this.#tell();
    }

    #tell() {
        this.all.checked = this.#selected.size > 0 && this.#selected.size >= this.#shown.length;
        this.all.indeterminate = this.#selected.size > 0 && !this.all.checked;
        this.dispatchEvent(new Event('select'));
    }

    #setActive(index) {
        const old = this.#rows.get(this.#active)?.querySelector('a');
        if (old) {
            old.tabIndex = -1;
        }

        this.#active = index;
        const now = this.#rows.get(index)?.querySelector('a');
        if (now) {
            now.tabIndex = 0;
        }
    }

    #focus(index) {
        if (this.#shown.length === 0) {
            return;
        }

        index = Math.max(0, Math.min(this.#shown.length - 1, index));
        const [top, head] = [index * this.#rowHeight, this.table.tHead.offsetHeight];
        if (top < this.scroller.scrollTop) {
            this.scroller.scrollTop = top;
        } else if (top + this.#rowHeight + head > this.scroller.scrollTop + this.scroller.clientHeight) {
            this.scroller.scrollTop = top + this.#rowHeight + head - this.scroller.clientHeight;
        }

        this.#render();
        this.#setActive(index);
        this.#rows.get(index).querySelector('a').focus({ preventScroll: true });
    }

    #press(event) {
        const page = Math.max(1, Math.floor(this.scroller.clientHeight / (this.#rowHeight || 1)) - 1);
        const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
        if (event.key in steps && !event.altKey) {
            const from = this.#active;
            this.#focus(Math.max(0, Math.min(this.#shown.length - 1, from + steps[event.key])));
            if (event.shiftKey) {
                this.#selectTo(this.#active);
            }
        } else if (event.key === ' ' && event.target.matches('a')) {
            this.#toggle(this.#active);
        } else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
            this.#selectAll(true);
        } else {
            return;
        }

        event.preventDefault();
    }
}
