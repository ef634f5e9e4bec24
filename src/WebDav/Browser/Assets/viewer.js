// Files shown in place: pictures, sound, films, PDF and text.

import { button, h, icon } from './dom.js';
import { problem, send } from './dav.js';
import { open } from './dialog.js';
import { count, size, viewOf } from './format.js';

const mostText = 1_000_000;

/** Shows one of these files; the arrow keys go on to the next. */
export function view(files, file) {
    let index = Math.max(0, files.indexOf(file));
    const place = h('div', { className: 'stage' });
    const where = h('p', { className: 'where' });
    const download = h('a', { className: 'button', download: '' }, icon('download'), h('span', {}, 'Download'));
    const [previous, next] = [button('Previous file', 'previous', () => step(-1), { quiet: true }), button('Next file', 'next', () => step(1), { quiet: true })];
    const dialog = open(file.name, [place, h('footer', {}, previous, where, next, download)], { kind: 'viewer' });
    dialog.addEventListener('keydown', event => {
        const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (way && !event.target.matches('audio, video, pre')) {
            step(way);
        }
    });

    function step(way) {
        index = (index + way + files.length) % files.length;
        show();
    }

    function show() {
        const shown = files[index];
        dialog.querySelector('h2').textContent = shown.name;
        where.textContent = `${index + 1} of ${count(files.length, 'file')} · ${size(shown.size)}`;
        download.href = shown.href;
        previous.hidden = next.hidden = files.length < 2;
        place.replaceChildren(content(shown));
    }

    show();
}

function content({ href, name, size: length }) {
    const wrong = () => place.replaceChildren(h('p', { className: 'wrong', role: 'alert' }, 'This browser cannot show it.'));
    const place = h('div');
    switch (viewOf(name)) {
        case 'image':
            place.append(h('img', { alt: name, on: { error: wrong }, src: href }));
            break;
        case 'audio':
            place.append(h('audio', { controls: true, 'aria-label': name, on: { error: wrong }, src: href }));
            break;
        case 'video':
            place.append(h('video', { controls: true, 'aria-label': name, on: { error: wrong }, src: href }));
            break;
        case 'pdf':
            // Browsers show a PDF in no sandbox; the server says by its name what it is, and that it is nothing else.
            place.append(h('iframe', { title: name, src: href }));
            break;
        default:
            text(place, href, length);
    }

    return place;
}

async function text(place, href, length) {
    try {
        const response = await send('GET', href, length > mostText ? { Range: `bytes=0-${mostText - 1}` } : {});
        if (!response.ok) {
            throw await problem(response, href);
        }

        place.append(h('pre', { tabIndex: 0 }, await response.text()));
        if (length > mostText) {
            place.append(h('p', { className: 'none' }, `These are the first ${size(mostText)}.`));
        }
    } catch (failure) {
        place.append(h('p', { className: 'wrong', role: 'alert' }, failure.message));
    }
}
