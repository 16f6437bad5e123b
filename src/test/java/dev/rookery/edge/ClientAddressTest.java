package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.rookery.node.NodeDependencies;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.LoggedErrors;
import dev.rookery.testkit.TestNode;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which address counts as the client's, behind proxies and without. */
final class ClientAddressTest {
  private static final String PROBE = "/probe/client";
  private static final String ALL_HEADERS =
      "cf-connecting-ip,fly-client-ip,x-forwarded-for,forwarded,x-real-ip";

  private static TestNode standard;
  private static TestNode naming;

  @BeforeAll
  static void start() {
    standard = node(Map.of());
    naming = node(Map.of("ROOKERY_HTTP_ADDRESS_HEADERS", ALL_HEADERS));
  }

  @AfterAll
  static void stop() {
    standard.close();
    naming.close();
  }

  private static TestNode node(Map<String, String> settings) {
    return TestNode.start(
        Databases.sqlite(),
        settings,
        NodeDependencies.production()
            .with(router -> router.get(PROBE).handler(ClientAddressTest::answer)));
  }

  private static void answer(RoutingContext context) {
    context.end(RequestInfo.of(context).clientAddress());
  }

  @ParameterizedTest
  @CsvSource({
    "'203.0.113.8, 127.0.0.2', 203.0.113.8",
    // Everything before the last untrusted address may be forged.
    "'198.51.100.1, 203.0.113.8', 203.0.113.8",
    "'198.51.100.1, 203.0.113.8:4711, 127.0.0.1', 203.0.113.8",
    "'127.0.0.3, 127.0.0.2', 127.0.0.3",
    "'nonsense, 127.0.0.2', 127.0.0.2",
    "nonsense, 127.0.0.1",
    "'203.0.113.8, , ', 203.0.113.8",
    "'198.51.100.1, nonsense', 127.0.0.1",
    "'[2001:db8::1]:4711', 2001:db8::1",
    "'[2001:db8::1]', 2001:db8::1",
    "2001:DB8:0:0::1, 2001:db8::1",
    "'\"[2001:db8::1]:4711\"', 2001:db8::1",
    "'198.51.100.1, [2001:db8::1', 127.0.0.1",
    "'[2001:db8::1]x', 127.0.0.1",
    "'203.0.113.8:port', 127.0.0.1",
    "'[203.0.113.8]', 127.0.0.1",
    "fe80::1%eth0, fe80::1",
    "'[fe80::1%25eth0]:80', fe80::1",
    "::ffff:203.0.113.8, 203.0.113.8",
    "::ffff:cb00:7108, 203.0.113.8",
    "'[::FFFF:203.0.113.8]:80', 203.0.113.8",
    "'203.0.113.8, ::ffff:127.0.0.1', 203.0.113.8",
    "'203.0.113.8, ::1', 203.0.113.8",
    "1.2.3, 127.0.0.1",
    "'', 127.0.0.1",
  })
  void isTheLastUntrustedEntryOfForwardedFor(String value, String address) {
    assertThat(standard.get(PROBE, "x-forwarded-for", value).body()).isEqualTo(address);
    assertThat(naming.get(PROBE, "x-forwarded-for", value).body()).isEqualTo(address);
  }

  @Test
  void isTheLastUntrustedEntryOfSeveralHeaderLines() {
    String name = "x-forwarded-for";
    assertThat(standard.get(PROBE, name, "198.51.100.1", name, "203.0.113.8").body())
        .isEqualTo("203.0.113.8");
    assertThat(standard.get(PROBE, name, "203.0.113.8", name, "127.0.0.2, 127.0.0.3").body())
        .isEqualTo("203.0.113.8");
    assertThat(naming.get(PROBE, "forwarded", "for=\"x", "forwarded", "for=203.0.113.8").body())
        .isEqualTo("203.0.113.8");
  }

  @ParameterizedTest
  @CsvSource({
    "cf-connecting-ip, 203.0.113.7, 203.0.113.7",
    "fly-client-ip, 2001:db8::1, 2001:db8::1",
    "x-real-ip, 203.0.113.8, 203.0.113.8",
    "forwarded, 'for=203.0.113.8;proto=https;by=10.0.0.1', 203.0.113.8",
    "forwarded, 'for=198.51.100.1, For=\"[2001:db8::2]:99\"', 2001:db8::2",
    "forwarded, 'for=\"203.0.113.8:_port\"', 203.0.113.8",
    "forwarded, 'for=203.0.113.8 , for=127.0.0.2', 203.0.113.8",
    "forwarded, 'for=203.0.113.8, ,', 203.0.113.8",
    "forwarded, 'for=_hidden', 127.0.0.1",
    "forwarded, 'for=unknown', 127.0.0.1",
    "forwarded, 'for=198.51.100.1, for=_hidden, for=127.0.0.2', 127.0.0.2",
    "forwarded, 'for=198.51.100.1, proto=https', 127.0.0.1",
    "forwarded, 'proto=https', 127.0.0.1",
    // A client leaves a quote open, or sends a host that the proxy repeats.
    "forwarded, 'for=198.51.100.1;x=\", for=203.0.113.8', 127.0.0.1",
    "forwarded, 'for=198.51.100.1;x=\", for=\"[2001:db8::1]\"', 127.0.0.1",
    "forwarded, 'for=203.0.113.8;host=\"a,for=198.51.100.1;b\"', 203.0.113.8",
    "forwarded, 'for=203.0.113.8;host=\"a\\\",for=198.51.100.1;b\"', 203.0.113.8",
    "forwarded, 'for=203.0.113.8;for=198.51.100.1', 127.0.0.1",
  })
  void comesFromAnotherHeaderOnlyIfThatIsNamed(String header, String value, String address) {
    assertThat(standard.get(PROBE, header, value).body()).isEqualTo("127.0.0.1");
    assertThat(naming.get(PROBE, header, value).body()).isEqualTo(address);
  }

  @Test
  void firstNamedHeaderDecidesEvenIfItsValueIsInvalid() {
    assertThat(naming.get(PROBE, "x-forwarded-for", "nonsense", "x-real-ip", "198.51.100.1").body())
        .isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 127.0.0.1",
    "::ffff:127.0.0.1, 203.0.113.8",
    "::ffff:127.0.0.0/104, 203.0.113.8",
  })
  void headersCountOnlyFromTrustedPeers(String proxies, String address) {
    try (var node = node(Map.of("TRUSTED_PROXIES", proxies))) {
      assertThat(node.get(PROBE, "x-forwarded-for", "203.0.113.8").body()).isEqualTo(address);
    }
  }

  @Test
  void logsForwardingHeadersOfAnUntrustedPeerOnce() {
    try (var logged = new LoggedErrors(Level.WARN);
        var node = node(Map.of("TRUSTED_PROXIES", "10.0.0.0/8"))) {
      node.get(PROBE);
      assertThat(logged.messages()).noneMatch(line -> line.contains("TRUSTED_PROXIES"));
      for (String header : ALL_HEADERS.split(",")) {
        node.get(PROBE, header, "203.0.113.8");
      }
      assertThat(logged.messages().stream().filter(line -> line.contains("TRUSTED_PROXIES")))
          .singleElement()
          .asString()
          .contains("127.0.0.1 sent the header cf-connecting-ip")
          .contains("http.trustedProxies");
    }
  }
}
