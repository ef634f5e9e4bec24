// browser.mjs PLAYWRIGHT ADDRESS FILES IMAGES: pictures of the page, and how soon a folder of 20,000 can be used.
import { createRequire } from 'node:module';

const [driver, address, files, images] = process.argv.slice(2);
const { chromium } = createRequire(import.meta.url)(driver);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });

async function open(options = {}) {
    const context = await browser.newContext({ baseURL: address, viewport: { width: 1080, height: 620 }, locale: 'en-GB', ...options });
    const page = await context.newPage();
    await page.goto('/');
    await page.waitForFunction(() => performance.getEntriesByName('whole').length > 0);
    return page;
}

const picture = (page, name) => page.screenshot({ path: `${images}/${name}.png` });

for (const colorScheme of ['light', 'dark']) {
    const page = await open({ colorScheme });
    await page.getByLabel('Select Budget.xlsx').click();
    await page.getByLabel('Select Interview.mp3').click();
    await picture(page, `list-${colorScheme}`);
    await page.keyboard.press('Escape');

    // A slow line, so that there is something to see of an upload.
    const protocol = await page.context().newCDPSession(page);
    await protocol.send('Network.enable');
    await protocol.send('Network.emulateNetworkConditions', { offline: false, latency: 5, downloadThroughput: -1, uploadThroughput: 3_000_000 });
    await page.getByRole('link', { name: 'Projects' }).click();
    await page.getByText('This folder is empty.').waitFor();
    await page.getByLabel('Files to upload').setInputFiles([`${files}/Summer film.mov`, `${files}/Beach.jpg`]);
    await page.waitForTimeout(3000);
    await picture(page, `upload-${colorScheme}`);
    await page.getByRole('button', { name: 'Cancel all' }).click();
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await protocol.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });

    await page.getByRole('link', { name: 'Files' }).click();
    for (const target of ['Documents', 'Music']) {
        await page.getByLabel('Select Archive').click();
        await page.getByRole('button', { name: 'Copy…' }).click();
        await page.getByRole('dialog').getByRole('button', { name: target }).click();
        await page.getByRole('button', { name: 'Copy here' }).click();
        await page.getByRole('button', { name: `Pause: Copy Archive to /${target}/Archive` }).click();
        await page.keyboard.press('Escape');
    }

    await page.getByRole('button', { name: 'Resume: Copy Archive to /Music/Archive' }).click();
    await page.waitForTimeout(700);
    await picture(page, `operations-${colorScheme}`);
    for (const cancel of await page.getByRole('button', { name: /^Cancel: / }).all()) {
        await cancel.click({ timeout: 5000 }).catch(() => {}); // one may have ended by itself
    }

    await page.waitForTimeout(1500);
    await page.request.fetch('/Music/Archive', { method: 'DELETE' });
    await page.context().close();
}

const phone = await open({ viewport: { width: 390, height: 700 }, hasTouch: true });
await picture(phone, 'phone');
await phone.context().close();

for (let run = 1; run <= 3; run++) {
    const page = await open();
    await page.goto('/20000/', { waitUntil: 'commit' });
    await page.waitForFunction(() => performance.getEntriesByName('whole').length > 0);
    const [usable, whole, last] = await page.evaluate(() => {
        const { responseStart, responseEnd } = performance.getEntriesByType('navigation')[0];
        const at = name => performance.getEntriesByName(name)[0].startTime - responseStart;
        return [at('usable'), at('whole'), responseEnd - responseStart].map(Math.round);
    });
    console.log(`20,000 entries: usable ${usable} ms after the first byte, all of them ${whole} ms, the last byte ${last} ms`);
    await page.context().close();
}

await browser.close();
