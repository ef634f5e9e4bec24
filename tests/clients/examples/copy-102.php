<?php
// Copies SOURCE to DESTINATION (two URLs) and shows how far the server is, as its 102s tell (RFC 2518 9.7 and 10.1).
// CURLOPT_TIMEOUT is not restarted by a 102, so it is left at 0: none.
[, $source, $destination] = $argv;
$copy = curl_init($source);
curl_setopt_array($copy, [
    CURLOPT_CUSTOMREQUEST => 'COPY',
    CURLOPT_HTTPHEADER => ["Destination: $destination", 'Prefer: processing'],
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_HEADERFUNCTION => function ($copy, $line) {
        if (preg_match('/^progress: (.*)/i', $line, $progress)) {
            echo trim($progress[1]), "\n";
        }

        return strlen($line);
    },
]);
if (curl_exec($copy) === false) {
    exit(curl_error($copy) . "\n");
}

echo curl_getinfo($copy, CURLINFO_RESPONSE_CODE), "\n";
