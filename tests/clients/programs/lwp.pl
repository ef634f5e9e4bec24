# Perl's LWP: lwp.pl SECONDS SOURCE DESTINATION [NEXT...] copies, then gets each NEXT over the same connection; prints the statuses
# and bodies.
use strict;
use warnings;
use LWP::UserAgent;

my ($seconds, $source, $destination, @following) = @ARGV;
my $agent = LWP::UserAgent->new(timeout => $seconds, keep_alive => 1, env_proxy => 0);
my $answer = $agent->request(HTTP::Request->new('COPY', $source, [Destination => $destination]));
my $line = $answer->code;
if ($line == 207) {
    my @statuses = $answer->decoded_content =~ m{status>HTTP/1\.1 (\d+)}g;
    $answer->decoded_content =~ m{multistatus>\s*$} or die 'the 207 is cut off';
    $line = "@statuses in a 207";
}
for my $next (@following) {
    $agent->conn_cache->get_connections('http') == 1 or die 'the connection was not kept';
    $answer = $agent->get($next);
    my $body = $answer->decoded_content;
    $body =~ s/\s+$//;
    $line .= ', ' . $answer->code . ' ' . $body;
}
print "$line\n";
