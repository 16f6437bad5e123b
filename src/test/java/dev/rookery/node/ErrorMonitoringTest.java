package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.config.ConfigException;
import dev.rookery.config.ConfigReader;
import dev.rookery.config.NodeConfig;
import dev.rookery.edge.RequestInfo;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Errors as they arrive at the service, for which a server of this test stands in. */
final class ErrorMonitoringTest {
  private static final String EMAIL = "ann@example.com";
  private static final String TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
  private static final String CODE = "CJEqOOx8MhLJRN-B8mpJE26efYSTTmtwYNklq8LWXEo";

  private ErrorReports reports;

  @BeforeEach
  void start() throws IOException {
    reports = ErrorReports.serve();
  }

  @AfterEach
  void stop() {
    reports.close();
  }

  @Test
  void aFailedRequestIsReportedWithItsIdAndWithoutSecrets() throws Exception {
    var config = config(Map.of("SENTRY_ENVIRONMENT", "staging"));
    var broken =
        NodeDependencies.production()
            .with(
                router ->
                    router
                        .get("/broken/:code")
                        .handler(
                            context -> {
                              RequestInfo.of(context).route("/broken/:code");
                              throw new IllegalStateException(
                                  "no mail to " + EMAIL + " with Bearer " + TOKEN,
                                  new IOException("GET https://x/y?code=" + CODE));
                            }));
    try (var _ = ErrorMonitoring.start(config, "1.2.3");
        var node = TestNode.start(Databases.sqlite(), Map.of(), broken)) {
      assertThat(
              node.get(
                      "/broken/" + CODE + "?email=" + EMAIL,
                      "x-request-id",
                      "the-request",
                      "authorization",
                      "Bearer " + TOKEN)
                  .statusCode())
          .isEqualTo(500);

      String envelope = reports.next();
      JsonNode event = ErrorReports.event(envelope);
      assertThat(event.at("/tags/request_id").asText()).isEqualTo("the-request");
      assertThat(event.at("/release").asText()).isEqualTo("rookery@1.2.3");
      assertThat(event.at("/environment").asText()).isEqualTo("staging");
      assertThat(event.at("/server_name").asText()).isEqualTo("single");
      assertThat(event.at("/level").asText()).isEqualTo("error");
      assertThat(event.at("/message/formatted").asText())
          .isEqualTo("500 GET /broken/:code [the-request]");
      assertThat(event.at("/exception/values/1/type").asText()).isEqualTo("IllegalStateException");
      assertThat(event.at("/exception/values/1/value").asText())
          .isEqualTo("no mail to [email] with Bearer [removed]");
      assertThat(event.at("/exception/values/1/stacktrace/frames")).isNotEmpty();
      assertThat(event.has("user")).isFalse();
      assertThat(event.has("request")).isFalse();
      assertThat(envelope)
          .doesNotContain(EMAIL)
          .doesNotContain(TOKEN)
          .doesNotContain(CODE)
          .doesNotContain("c2lnbmF0dXJl");
    }
  }

  @Test
  void warningsAreReportedOnlyIfAskedFor() throws Exception {
    var log = LoggerFactory.getLogger("dev.rookery.test");
    try (var _ = ErrorMonitoring.start(config(Map.of()), "1")) {
      log.warn("not reported");
      log.error("for {}, reported", EMAIL);
    }
    String envelope = reports.next();
    assertThat(ErrorReports.event(envelope).at("/message/formatted").asText())
        .isEqualTo("for [email], reported");
    assertThat(envelope).doesNotContain(EMAIL);

    try (var _ = ErrorMonitoring.start(config(Map.of("SENTRY_LOG_LEVEL", "warn")), "1")) {
      log.warn("reported");
    }
    assertThat(ErrorReports.event(reports.next()).at("/message/formatted").asText())
        .isEqualTo("reported");
    log.error("not reported any more");
    assertThat(reports.waiting()).isZero();
  }

  @Test
  void withoutADsnNothingIsReported() throws Exception {
    try (var _ = ErrorMonitoring.start(ConfigReader.read(null, Map.of(), ConfigChecks.ALL), "1")) {
      LoggerFactory.getLogger("dev.rookery.test").error("not reported");
    }
    assertThat(reports.waiting()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nonsense", "https://host/1", "https://key@host", "ftp://key@host/1", ":"})
  void whatIsNoDsnIsAMistakeThatDoesNotShowIt(String dsn) {
    assertThatThrownBy(() -> ConfigReader.read(null, Map.of("SENTRY_DSN", dsn), ConfigChecks.ALL))
        .isInstanceOfSatisfying(
            ConfigException.class,
            mistakes ->
                assertThat(mistakes.problems())
                    .containsExactly(
                        "sentry.dsn (SENTRY_DSN): is not of the form https://key@host/project"));
  }

  private NodeConfig config(Map<String, String> more) throws ConfigException {
    var environment = new HashMap<>(more);
    environment.put("SENTRY_DSN", reports.dsn());
    return ConfigReader.read(null, environment, ConfigChecks.ALL);
  }
}
