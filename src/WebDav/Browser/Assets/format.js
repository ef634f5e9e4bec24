// Numbers and times in the words and the ways of whoever reads them.

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
const whole = new Intl.NumberFormat();
const tenths = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export const number = value => whole.format(value);

export const count = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;

export function size(bytes) {
    let unit = 0;
    for (; bytes >= 999.5; unit++) {
        bytes /= 1000;
    }

    return `${(unit === 0 || bytes >= 99.95 ? whole : tenths).format(unit === 0 ? bytes : Math.round(bytes * 10) / 10)} ${units[unit]}`;
}

export const time = date => moment.format(date);

export function duration(seconds) {
    const left = Math.max(1, Math.round(seconds));
    return left < 60 ? `${left} s`
        : left < 3600 ? `${Math.floor(left / 60)} min ${left % 60} s`
        : `${Math.floor(left / 3600)} h ${Math.floor(left % 3600 / 60)} min`;
}

/** The last name in an encoded path, as people read it. */
export function nameOf(href) {
    const last = href.replace(/\/$/, '').split('/').pop();
    try {
        return decodeURIComponent(last);
    } catch {
        return last;
    }
}

/** `letter.txt` with a number: `letter (2).txt`. */
export function numbered(name, number) {
    const dot = name.lastIndexOf('.');
    return dot > 0 ? `${name.slice(0, dot)} (${number})${name.slice(dot)}` : `${name} (${number})`;
}

const kinds = {
    image: 'png jpg jpeg gif webp avif svg bmp ico',
    audio: 'mp3 ogg oga wav flac m4a aac opus',
    video: 'mp4 webm mov m4v ogv mkv',
    pdf: 'pdf',
    text: 'txt md csv tsv json xml html htm css js mjs ts cs csproj sln py sh bash c h cc cpp hpp java go rs rb php pl sql log yml yaml toml ini conf cfg'
        + ' reg tex srt vtt diff patch',
};
const shown = new Map(Object.entries(kinds).flatMap(([kind, list]) => list.split(' ').map(extension => [extension, kind])));

/** How a file is shown in place; undefined where it is not. */
export const viewOf = name => name.includes('.') ? shown.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase()) : undefined;
