<?php
// PHP's stream wrapper: stream.php SECONDS SOURCE DESTINATION [NEXT...] copies, then gets each NEXT; prints the statuses and bodies.
// It opens a connection for each request.
[, $seconds, $source, $destination] = $argv;

function ask($method, $url, $seconds, $fields = '')
{
    $context = stream_context_create(['http' => ['method' => $method, 'header' => $fields, 'timeout' => $seconds,
        'ignore_errors' => true, 'protocol_version' => 1.1]]);
    $body = file_get_contents($url, false, $context);
    return [(int)explode(' ', $http_response_header[0])[1], $body];
}

[$status, $body] = ask('COPY', $source, $seconds, "Destination: $destination\r\n");
$line = [$status . ($body === '' ? '' : " and $body")];
foreach (array_slice($argv, 4) as $next) {
    [$status, $body] = ask('GET', $next, $seconds);
    $line[] = $status . ' ' . trim($body);
}

echo implode(', ', $line), "\n";
