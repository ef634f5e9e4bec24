// Speaks WebDAV to the server the page came from: what any client could ask, and no more.

import { nameOf, time } from './format.js';

/** Something that went wrong, in plain words. */
export class Problem extends Error {
    constructor(message, status = 0) {
        super(message);
        this.status = status;
    }
}

export const unreachable = 'The server cannot be reached. Check the connection and try again.';

/** Sends a request; the answer may be any. */
export async function send(method, href, headers = {}, body = undefined) {
    try {
        return await fetch(href, { method, headers, body, cache: 'no-store' });
    } catch {
        throw new Problem(unreachable);
    }
}

/** Reads a folder's page. */
export async function folder(href) {
    const response = await send('GET', href, { Accept: 'text/html' });
    if (!response.ok) {
        throw await problem(response, href);
    }

    const page = read(new DOMParser().parseFromString(await response.text(), 'text/html'));
    return page.here ? page : Promise.reject(new Problem(`“${nameOf(href)}” is not a folder any more.`));
}

/** What a folder's page says: the one that is shown, or another that was fetched. */
export function read(page) {
    return { ...readHead(page), entries: Array.from(page.querySelector('tbody')?.rows ?? [], readRow) };
}

/** What it says before its table. */
export function readHead(page) {
    const { here, operations, user, refusal } = page.body.dataset;
    const crumbs = [...page.querySelectorAll('nav li')].map(crumb => (
        { name: crumb.textContent, href: crumb.firstElementChild.getAttribute('href') ?? here }));
    return { here, operations, user, refusal, crumbs, title: page.title, locks: [...page.querySelectorAll('.locked .lock')].map(readLock) };
}

/** A member, from its row. */
export function readRow(row) {
    const [name, kind, size, modified] = row.cells;
    const link = name.firstChild;
    const href = link.getAttribute('href');
    return {
        href,
        name: link.textContent,
        isFolder: href.endsWith('/'),
        kind: kind.textContent,
        size: Number(size.firstChild?.value ?? -1),
        modified: modified.firstChild.dateTime,
        locks: name.childElementCount > 1 ? [...name.querySelectorAll('.lock')].map(readLock) : [],
    };
}

function readLock(lock) {
    const { token, root, by, own } = lock.dataset;
    const since = lock.querySelector('time')?.dateTime;
    return { token, root, by, isOwn: own !== undefined, since: since ? new Date(since) : null };
}

/** Who has a lock, and since when. */
export const describe = lock => `${lock.isOwn && lock.by === document.body.dataset.user ? `you (${lock.by})` : lock.by}${lock.since ? `, since ${time(lock.since)}` : ''}`;

/** What an answer that is no success says, in plain words. */
export async function problem(response, href) {
    const text = (await response.text().catch(() => '')).trim();
    const isXml = response.headers.get('Content-Type')?.includes('xml');
    const xml = isXml ? new DOMParser().parseFromString(text, 'application/xml') : null;
    return new Problem(await words(response.status, xml, isXml ? '' : text, href), response.status);
}

async function words(status, xml, said, href) {
    const name = `“${nameOf(href) || 'Files'}”`;
    switch (status) {
        case 207:
            return failures(xml);
        case 401:
            return 'This needs a login.';
        case 403:
            return `This is not allowed${said ? `: ${said}` : ''}.`;
        case 404:
            return `${name} is not there any more.`;
        case 412:
            return `Something of that name is there already.`;
        case 423:
            return locked([...(xml?.getElementsByTagNameNS('DAV:', 'href') ?? [])].map(element => element.textContent), name);
        case 507:
            return `There is no room left on the server for ${name}.`;
        default:
            return `${name}: ${said || 'the server could not do it'} (${status}).`;
    }
}

async function locked(hrefs, name) {
    const held = await Promise.all(hrefs.slice(0, 5).map(async href => {
        const holders = await holdersOf(href).catch(() => []);
        return `“${nameOf(href) || 'Files'}” is locked${holders.length > 0 ? ` by ${holders.map(describe).join('; ')}` : ''}.`;
    }));
    return held.join(' ') || `${name} is locked, or something else is writing there right now.`;
}

// Every folder's page says who has locked its members.
async function holdersOf(href) {
    const path = href.replace(/\/$/, '');
    const parent = path.slice(0, path.lastIndexOf('/') + 1) || '/';
    const page = await folder(parent);
    const member = page.entries.find(entry => entry.href.replace(/\/$/, '') === path);
    return member?.locks ?? page.locks.filter(lock => lock.root.replace(/\/$/, '') === path);
}

function failures(xml) {
    const failed = [...(xml?.getElementsByTagNameNS('DAV:', 'response') ?? [])];
    const one = element => {
        const text = name => element.getElementsByTagNameNS('DAV:', name)[0]?.textContent ?? '';
        return `${nameOf(text('href'))} (${text('responsedescription') || text('status').replace(/^\S+ /, '')})`;
    };
    return `Not all could be done. ${failed.slice(0, 5).map(one).join('; ')}${failed.length > 5 ? `; and ${failed.length - 5} more` : ''}.`;
}

/** Makes a folder. Returns whether it is new; with `mayExist`, one that is there is no problem. */
export async function makeFolder(href, { mayExist = false } = {}) {
    const response = await send('MKCOL', href);
    if (response.status === 405 && !mayExist) {
        throw new Problem('Something of that name is there already.', 405);
    }

    if (!response.ok && response.status !== 405) {
        throw await problem(response, href);
    }

    return response.status === 201;
}

/**
 * Copies, moves or deletes. The server goes on with it whether or not this page stays: what is not done in a second is an operation.
 * `begun` is called when it has been taken on, and told whether it goes on; the promise is kept when it is done.
 */
export async function change(method, href, { to, overwrite = false, begun = () => {} } = {}) {
    const headers = { Prefer: 'respond-async, wait=1' };
    if (to !== undefined) {
        headers.Destination = new URL(to, location.href).href;
        headers.Overwrite = overwrite ? 'T' : 'F';
    }

    let response = null;
    try {
        response = await send(method, href, headers);
    } finally {
        begun(response?.status === 202);
    }

    const operation = response.headers.get('Location');
    while (response.status === 202) {
        await new Promise(done => setTimeout(done, 1000));
        response = await send('GET', `${operation}/result`);
    }

    if (!response.ok || response.status === 207) {
        throw await problem(response, href);
    }
}

export async function unlock(lock) {
    const response = await send('UNLOCK', lock.root, { 'Lock-Token': `<${lock.token}>` });
    if (!response.ok) {
        throw await problem(response, lock.root);
    }
}
