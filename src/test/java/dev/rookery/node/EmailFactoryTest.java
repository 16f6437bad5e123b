package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.config.ConfigReader;
import dev.rookery.email.Email;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
final class EmailFactoryTest {
  private static final int HELLO_BYTES = 4_096;

  /** What the first words of a TLS client say: the name that it wants to speak to. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost"})
  void verifiesCertificateOfTheSniName(String relay, Vertx vertx) throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(120_000);
      var config =
          ConfigReader.read(
              null,
              Map.of(
                  "SMTP_RELAY",
                  relay,
                  "SMTP_PORT",
                  Integer.toString(server.getLocalPort()),
                  "SMTP_SNI",
                  "mail.example.test"),
              ConfigChecks.ALL);
      try (var post = EmailFactory.open(config, vertx)) {
        var sent = post.send(new Email("ann@example.com", "Hello", "text"));
        assertThat(firstBytes(server)).contains("mail.example.test");
        assertThat(sent.isComplete() && sent.succeeded()).isFalse();
      }
    }
  }

  private static String firstBytes(ServerSocket server) throws IOException {
    try (var client = server.accept()) {
      byte[] hello = new byte[HELLO_BYTES];
      int read = client.getInputStream().read(hello);
      return new String(hello, 0, Math.max(0, read), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void linksToTheConfiguredPagesElseToThisServer() throws Exception {
    assertThat(pages(Map.of())).isEqualTo("http://localhost:4711");
    assertThat(pages(Map.of("PHX_HOST", "game.example"))).isEqualTo("https://game.example");
    assertThat(pages(Map.of("ROOKERY_MAIL_PAGES", "https://pages.example")))
        .isEqualTo("https://pages.example");
    assertThat(pages(Map.of("PAGES_ENABLED", "false"))).isEmpty();
  }

  private static String pages(Map<String, String> environment) throws Exception {
    return EmailFactory.linkBaseUrl(ConfigReader.read(null, environment, ConfigChecks.ALL), 4711);
  }
}
