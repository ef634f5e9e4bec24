// Elements by function calls: nothing is ever parsed as markup, so no name of a file can become any.

/** An element with properties and children; `on` holds its listeners, `aria-…`, `role` and `data-…` become attributes. */
export function h(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
        if (value === undefined || value === null) {
            continue;
        }

        if (name === 'on') {
            Object.entries(value).forEach(([event, listener]) => element.addEventListener(event, listener));
        } else if (name in element && !name.startsWith('aria')) {
            element[name] = value;
        } else {
            element.setAttribute(name, value);
        }
    }

    element.append(...children.filter(child => child !== null && child !== undefined));
    return element;
}

const paths = {
    folder: 'M3 6.5C3 5.7 3.7 5 4.5 5H9l2 2.2h8.5c.8 0 1.5.7 1.5 1.5v8.8c0 .8-.7 1.5-1.5 1.5h-15c-.8 0-1.5-.7-1.5-1.5z',
    file: 'M6 3h8l5 5v12.5c0 .3-.2.5-.5.5h-12a.5.5 0 0 1-.5-.5zM14 3v5h5',
    image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01',
    audio: 'M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z',
    video: 'M3 6h12v12H3zM15 10l6-3v10l-6-3',
    text: 'M6 3h8l5 5v12.5c0 .3-.2.5-.5.5h-12a.5.5 0 0 1-.5-.5zM14 3v5h5M9 12h7M9 16h7',
    lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
    upload: 'M12 16V5M7.5 9.5 12 5l4.5 4.5M5 19h14',
    download: 'M12 5v11M7.5 11.5 12 16l4.5-4.5M5 19h14',
    add: 'M12 5v14M5 12h14',
    rename: 'M5 19h3.5L19 8.5 15.5 5 5 15.5z',
    copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
    move: 'M4 12h15M14 7l5 5-5 5',
    remove: 'M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13',
    activity: 'M3 12h4l3-7 4 14 3-7h4',
    close: 'M6 6l12 12M18 6 6 18',
    previous: 'M15 5l-7 7 7 7',
    next: 'M9 5l7 7-7 7',
    pause: 'M9 6v12M15 6v12',
    resume: 'M8 5.5v13l10.5-6.5z',
    retry: 'M19 12a7 7 0 1 1-2.2-5.1L19 9M19 4v5h-5',
};
const svg = 'http://www.w3.org/2000/svg';

/** A picture of 24 by 24 units, for those who see; its button or link has the words. */
export function icon(name) {
    const image = document.createElementNS(svg, 'svg');
    image.setAttribute('viewBox', '0 0 24 24');
    image.setAttribute('aria-hidden', 'true');
    image.setAttribute('class', `icon ${name}`);
    const path = document.createElementNS(svg, 'path');
    path.setAttribute('d', paths[name]);
    image.append(path);
    return image;
}

/** A button with a picture; `quiet` ones show their word only to those who point at them or cannot see. */
export function button(label, name, click, { quiet = false, kind = '', ...more } = {}) {
    const words = quiet ? [] : [h('span', {}, label)];
    return h('button', {
        type: 'button', className: kind, title: quiet ? label : undefined, 'aria-label': quiet ? label : undefined, on: { click }, ...more,
    }, ...(name ? [icon(name)] : []), ...words);
}

const toasts = h('div', { id: 'toasts', role: 'region', 'aria-label': 'Messages' });

/** Says something at the edge of the page: what went well goes away by itself, what went wrong stays until it is put away. */
export function say(message, { wrong = false } = {}) {
    if (!toasts.isConnected) {
        document.body.append(toasts);
    }

    const toast = h('div', { role: wrong ? 'alert' : 'status', className: wrong ? 'toast wrong' : 'toast' }, h('p', {}, message));
    toast.append(button('Dismiss', 'close', () => toast.remove(), { quiet: true }));
    toasts.append(toast);
    if (!wrong) {
        setTimeout(() => toast.remove(), 6000);
    }
}
