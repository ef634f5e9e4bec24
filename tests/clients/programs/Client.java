import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Java's two clients.
 *
 * Client wait SOURCE DESTINATION            java.net.http copies, however long it takes, and asks for 102s
 * Client async SECONDS SOURCE DESTINATION   java.net.http copies and asks for 202; no request may take longer than SECONDS
 * Client delete SECONDS SOURCE [NEXT...]    HttpURLConnection, which knows no COPY, deletes; then it gets each NEXT
 */
public final class Client {
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "wait" -> System.out.println(HttpClient.newHttpClient()
                .send(copy(args[1], args[2], "processing").build(), HttpResponse.BodyHandlers.ofString()).statusCode());
            case "async" -> System.out.println(async(Duration.ofSeconds(Integer.parseInt(args[1])), args[2], args[3]));
            case "delete" -> System.out.println(delete(args));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static HttpRequest.Builder copy(String source, String destination, String preference) {
        return HttpRequest.newBuilder(URI.create(source)).method("COPY", HttpRequest.BodyPublishers.noBody())
            .header("Destination", destination).header("Prefer", preference);
    }

    private static int async(Duration limit, String source, String destination) throws Exception {
        var client = HttpClient.newHttpClient();
        var answer = client.send(copy(source, destination, "respond-async").timeout(limit).build(), HttpResponse.BodyHandlers.ofString());
        while (answer.statusCode() == 202) {
            Thread.sleep(1000);
            var result = URI.create(source).resolve(answer.headers().firstValue("Location").orElseThrow() + "/result");
            var next = client.send(HttpRequest.newBuilder(result).timeout(limit).build(), HttpResponse.BodyHandlers.ofString());
            if (next.statusCode() != 202) {
                return next.statusCode();
            }
        }

        return answer.statusCode();
    }

    private static String delete(String[] args) throws IOException {
        var line = new StringBuilder();
        for (var i = 2; i < args.length; i++) {
            var connection = (HttpURLConnection) new URL(args[i]).openConnection();
            connection.setRequestMethod(i == 2 ? "DELETE" : "GET");
            connection.setReadTimeout(Integer.parseInt(args[1]) * 1000);
            var status = connection.getResponseCode();
            try (InputStream stream = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                var body = new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
                line.append(i == 2 ? "" : ", ").append(status == 207 ? told(body) : (status + " " + body).strip());
            }
        }

        return line.toString();
    }

    private static String told(String body) {
        if (!body.endsWith("multistatus>")) {
            return "a 207 that is cut off";
        }

        var statuses = new StringBuilder();
        Matcher matcher = Pattern.compile("status>HTTP/1.1 (\\d+)").matcher(body);
        while (matcher.find()) {
            statuses.append(matcher.group(1)).append(' ');
        }

        return statuses + "in a 207";
    }
}
