<?php
// PHP's curl extension: copy-202.php SECONDS SOURCE DESTINATION copies and asks for 202, so that no request may take longer than
// SECONDS; prints the status.
[, $seconds, $source, $destination] = $argv;

function ask($url, $options)
{
    global $seconds;
    $curl = curl_init($url);
    curl_setopt_array($curl, $options + [CURLOPT_TIMEOUT => (int)$seconds, CURLOPT_RETURNTRANSFER => true, CURLOPT_HEADER => true]);
    $answer = curl_exec($curl);
    if ($answer === false) {
        exit(curl_error($curl) . "\n");
    }

    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $answer];
}

[$status, $answer] = ask($source, [
    CURLOPT_CUSTOMREQUEST => 'COPY',
    CURLOPT_HTTPHEADER => ["Destination: $destination", 'Prefer: respond-async'],
]);
if ($status == 202 && preg_match('/^location: (.*)$/im', $answer, $location)) {
    $page = preg_replace('~(//[^/]*).*~', '$1', $source) . trim($location[1]);
    do {
        sleep(1);
        [$status] = ask("$page/result", []);
    } while ($status == 202);
}

echo $status, "\n";
