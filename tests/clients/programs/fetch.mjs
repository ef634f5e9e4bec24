// Node's fetch: fetch.mjs SECONDS SOURCE DESTINATION copies, with a time-out for the head of the answer, and prints the status.
const [seconds, source, destination] = process.argv.slice(2);
// The agent of fetch is not exported, but the one in use tells its class.
await fetch(source, { method: 'OPTIONS' });
const Agent = globalThis[Symbol.for('undici.globalDispatcher.1')].constructor;
const answer = await fetch(source, {
    method: 'COPY',
    headers: { Destination: destination, Prefer: 'processing' },
    dispatcher: new Agent({ headersTimeout: seconds * 1000, bodyTimeout: seconds * 1000 }),
});
await answer.text();
console.log(answer.status);
process.exit(0);
