package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refused;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Databases.TestDatabase;
import dev.rookery.testkit.ManualClock;
import dev.rookery.testkit.PostgresServer;
import dev.rookery.testkit.TestCertificates;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to a PostgreSQL with TLS, and through its Unix socket. */
@DisabledIfSystemProperty(named = "rookery.test.postgres", matches = "off")
final class PostgresTlsTest {
  private static final String SESSIONS =
      "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
          + " WHERE application_name = 'rookery' AND ssl = ";
  private static final String INSERT = "INSERT INTO write_probe (filler) VALUES ($1) RETURNING id";

  @TempDir private static Path folder;
  private static TestCertificates authority;
  private static TestCertificates otherAuthority;
  private static PostgresServer server;

  @BeforeAll
  static void start() {
    authority = TestCertificates.create(folder.resolve("authority"));
    otherAuthority = TestCertificates.create(folder.resolve("other"));
    authority.sign("server", "localhost", "dns:localhost");
    authority.sign("client", "anna", "dns:client");
    server =
        PostgresServer.start(
            folder.resolve("data"),
            Map.of(
                "ssl", "on",
                "ssl_cert_file", authority.certificate("server").toString(),
                "ssl_key_file", authority.key("server").toString(),
                "ssl_ca_file", authority.authority().toString(),
                "unix_socket_directories", folder.toString()));
    server.execute("CREATE ROLE tls_only LOGIN SUPERUSER", "CREATE ROLE anna LOGIN SUPERUSER");
    server.allow(
        """
        local   all all           trust
        hostssl all tls_only all  trust
        hostssl all anna     all  cert
        host    all postgres all  trust
        """);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sslmode=require",
        "ssl=true",
        "sslmode=prefer",
        "sslmode=allow",
        "application default",
        "sslmode=require&sslrootcert=AUTHORITY",
        "sslmode=prefer&sslrootcert=AUTHORITY",
        "sslmode=verify-ca&sslrootcert=AUTHORITY",
        "sslmode=verify-full&sslrootcert=AUTHORITY"
      })
  void encryptsEveryConnection(String parameters) {
    try (var store = open("tls_only", "localhost", parameters)) {
      writeAndRead(store);

      assertThat(server.count(SESSIONS + "true")).isGreaterThanOrEqualTo(3);
      assertThat(server.count(SESSIONS + "false")).isZero();
    }
  }

  @Test
  void doesNotEncryptWhereThatIsDisabled() {
    try (var store = open("postgres", "localhost", "sslmode=disable")) {
      writeAndRead(store);

      assertThat(server.count(SESSIONS + "true")).isZero();
    }
    assertThatThrownBy(() -> open("tls_only", "localhost", "sslmode=disable"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no encryption");
  }

  @Test
  void doesNotCheckNameWithVerifyCa() {
    try (var store = open("tls_only", "127.0.0.1", "sslmode=verify-ca&sslrootcert=AUTHORITY")) {
      writeAndRead(store);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, sslmode=verify-full&sslrootcert=AUTHORITY",
    "localhost, sslmode=verify-full&sslrootcert=OTHER",
    "localhost, sslmode=verify-ca&sslrootcert=OTHER",
    "localhost, sslmode=require&sslrootcert=OTHER",
    "localhost, sslrootcert=system"
  })
  void refusesServerThatItCannotVerify(String host, String parameters) throws Exception {
    TestDatabase database = database("postgres", host, parameters);
    assertThatThrownBy(() -> TestStore.open(database))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be used: SSL error");

    // The pool by itself, as if the server had changed after the start.
    Vertx vertx = Vertx.vertx();
    try (var pool =
        new PostgresDatabase(
            vertx,
            (DatabaseLocation.Server) database.location(),
            database.config(),
            Databases.EVENTS,
            new OutboxPublisher(1),
            new ManualClock(),
            new StoreMeters(new SimpleMeterRegistry()),
            new WriteState(),
            new DatabaseCut())) {
      assertThatThrownBy(() -> pool.read("SELECT 1")).isInstanceOf(Refused.class);
    } finally {
      vertx.close().await();
    }
  }

  @Test
  void refusesServerOfAnotherAuthorityAlsoWhereTlsIsPreferred() {
    // A configuration that names an authority does not accept plain text instead of a wrong
    // certificate.
    assertThatThrownBy(() -> open("postgres", "localhost", "sslmode=prefer&sslrootcert=OTHER"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be used: SSL error");
  }

  @Test
  void showsCertificateToServer() {
    try (var store =
        open("anna", "localhost", "sslmode=require&sslcert=CLIENT_CERT&sslkey=CLIENT_KEY")) {
      writeAndRead(store);
    }
    assertThatThrownBy(() -> open("anna", "localhost", "sslmode=require"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("certificate");
  }

  @ParameterizedTest
  @CsvSource({
    "sslmode=verify-ca&sslrootcert=/none.pem, sslrootcert /none.pem cannot be read",
    "sslmode=verify-ca&sslrootcert=CLIENT_KEY, is not a PEM file with certificates",
    "sslmode=require&sslcert=/none.pem&sslkey=CLIENT_KEY, sslcert /none.pem cannot be read",
    "sslmode=require&sslcert=CLIENT_CERT&sslkey=/none.key, sslkey /none.key cannot be read",
    "sslmode=require&sslcert=CLIENT_CERT&sslkey=AUTHORITY, are not PEM files"
  })
  void namesFileThatItCannotUse(String parameters, String problem) {
    assertThatThrownBy(() -> open("postgres", "localhost", parameters))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void refusesServerWithoutTlsWhereItIsRequired() {
    try (var plain = Databases.postgres()) {
      var location = (DatabaseLocation.Server) DatabaseLocation.parse(plain.url() + "?ssl=true");
      assertThatThrownBy(() -> TestStore.open(new TestDatabase("postgres", location, () -> {})))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("does not support SSL");
    }
  }

  @Test
  void connectsThroughUnixSocket() {
    var location =
        DatabaseLocation.parse(
            "postgres:///postgres?host=%s&port=%d&user=postgres&sslmode=require"
                .formatted(folder, server.port()));
    try (var store = TestStore.open(new TestDatabase("postgres", location, () -> {}))) {
      writeAndRead(store);

      assertThat(
              server.count(
                  "SELECT count(*) FROM pg_stat_activity"
                      + " WHERE application_name = 'rookery' AND client_addr IS NULL"))
          .isGreaterThanOrEqualTo(3);
    }
  }

  private static void writeAndRead(TestStore store) {
    long id = store.database().write(tx -> tx.run(INSERT, "x").row(0).number("id"));
    assertThat(
            store
                .database()
                .read("SELECT filler FROM write_probe WHERE id = $1", id)
                .row(0)
                .text("filler"))
        .isEqualTo("x");
    store.store().heartbeatDatabase().read("SELECT 1");
  }

  private static TestStore open(String user, String host, String parameters) {
    return TestStore.open(database(user, host, parameters));
  }

  private static TestDatabase database(String user, String host, String parameters) {
    String given =
        parameters.contains("=")
            ? "?"
                + parameters
                    .replace("AUTHORITY", authority.authority().toString())
                    .replace("OTHER", otherAuthority.authority().toString())
                    .replace("CLIENT_CERT", authority.certificate("client").toString())
                    .replace("CLIENT_KEY", authority.key("client").toString())
            : "";
    String url = "postgres://%s@%s:%d/postgres%s".formatted(user, host, server.port(), given);
    return new TestDatabase("postgres", DatabaseLocation.parse(url), () -> {});
  }
}
