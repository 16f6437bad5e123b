package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.store.PostgresTls.Mode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseLocationTest {
  @Test
  void readsServerFromUrl() {
    assertThat(server("postgres://anna:p%40ss%3Aw+rd@db.example:6432/games?sslmode=require"))
        .isEqualTo(
            new DatabaseLocation.Server(
                "db.example",
                6432,
                "games",
                "anna",
                "p@ss:w+rd",
                new PostgresTls(Mode.REQUIRE, null, null, null),
                false));
    assertThat(server("postgresql://anna@db/games"))
        .isEqualTo(new DatabaseLocation.Server("db", 5432, "games", "anna", null));
  }

  @ParameterizedTest
  @CsvSource({
    "postgres://u:p@game_db:5432/d, game_db, 5432",
    "postgres://u:p@game_db/d, game_db, 5432",
    "postgres://u:p@[::1]/d, ::1, 5432",
    "postgres://u:p@[2001:db8::5]:6432/d, 2001:db8::5, 6432",
    "postgres://u:p@db:/d, db, 5432",
    "postgres:///d?host=/var/run/postgresql&user=u, /var/run/postgresql, 5432",
    "postgres:///d?host=/tmp&port=6000&user=u, /tmp, 6000",
    "postgres://u:p@%2Fvar%2Frun%2Fpostgresql/d, /var/run/postgresql, 5432",
    "postgres:///d?host=db&user=u&password=x, db, 5432"
  })
  void readsHostAndPort(String url, String host, int port) {
    var server = server(url);
    assertThat(server.host()).isEqualTo(host);
    assertThat(server.port()).isEqualTo(port);
    assertThat(server.user()).isEqualTo("u");
    assertThat(server.database()).isEqualTo("d");
  }

  @ParameterizedTest
  @CsvSource({
    "pa^ss, pa^ss",
    "'pa ss', 'pa ss'",
    "pa@ss, pa@ss",
    "pa%2Fss%3F%23%25, pa/ss?#%",
    "pa:ss, pa:ss",
    "p\"<>\\{}|`, p\"<>\\{}|`",
    "gr%C3%BC%C3%9Fe, grüße"
  })
  void readsPasswordWithAnyCharacter(String written, String password) {
    assertThat(server("postgres://u:" + written + "@db/d").password()).isEqualTo(password);
  }

  @Test
  void takesUserOfOperatingSystemOnUnixSocket() {
    assertThat(server("postgres:///d?host=/var/run/postgresql").user())
        .isEqualTo(System.getProperty("user.name"));
  }

  @ParameterizedTest
  @CsvSource({
    "'', PREFER",
    "?sslmode=disable, DISABLE",
    "?sslmode=allow, ALLOW",
    "?sslmode=prefer, PREFER",
    "?sslmode=require, REQUIRE",
    "?ssl=true, REQUIRE",
    "?sslmode=verify-ca&sslrootcert=/ca.pem, VERIFY_CA",
    "?sslmode=verify-full&sslrootcert=/ca.pem, VERIFY_FULL",
    "?sslrootcert=system, VERIFY_FULL"
  })
  void readsModeOfTls(String parameters, Mode mode) {
    assertThat(server("postgres://u@db/d" + parameters).tls().mode()).isEqualTo(mode);
  }

  @ParameterizedTest
  @CsvSource({
    "?slmode=require, unknown parameter \"slmode\"",
    "?SSLMODE=require, unknown parameter \"SSLMODE\"",
    "?pgbouncer=true, unknown parameter \"pgbouncer\"",
    "?sslmode=required, sslmode is not one of disable",
    "?sslmode=Require, sslmode is not one of disable",
    "?ssl=false, knows ssl=true alone",
    "?ssl=true&sslmode=disable, both ssl and sslmode",
    "?sslmode=require&sslmode=disable, the parameter \"sslmode\" twice",
    "?sslmode=verify-full, needs sslrootcert",
    "?sslmode=verify-ca, needs sslrootcert",
    "?sslmode=require&sslrootcert=system, needs sslmode=verify-full",
    "?sslcert=/a.pem, sslcert needs sslkey",
    "?sslkey=/a.pem, sslkey needs sslcert"
  })
  void rejectsParameterThatItDoesNotKnow(String parameters, String problem) {
    assertThatThrownBy(() -> DatabaseLocation.parse("postgres://u@db/d" + parameters))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite:data/x.db", "sqlite://data/x.db", "data/x.db"})
  void readsEverythingElseAsFile(String url) {
    assertThat(DatabaseLocation.parse(url))
        .isEqualTo(new DatabaseLocation.File(Path.of("data/x.db")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "mysql://u:secret@h/d",
        "jdbc:postgresql://h/d?user=u&password=secret",
        "'postgres://u:secret@h/d'",
        "u:secret@h/d",
        "//u:secret@h/d",
        "sqlite::memory:",
        "sqlite:x.db?mode=ro",
        "postgres://host/db",
        "postgres://u:secret@h",
        "postgres://u:secret@/d",
        "postgres://u:secret@h:port/d",
        "postgres://u:secret@h:0/d",
        "postgres://u:secret@h:65536/d",
        "postgres://u:secret@::1/d",
        "postgres://u:secret@[::g]/d",
        "postgres://u:secret@h1,h2/d",
        "postgres://u:secret@h h/d",
        "postgres://u:sec%ret@h/d",
        "postgres://u:secret%ff@h/d",
        "postgres://u:secret%00@h/d",
        "postgres://u:sec\nret@h/d",
        "postgres://u:sec#ret@h/d",
        "postgres://u:sec/ret@h/d",
        "postgres://u:1/secret@h/d",
        "postgres://u:sec?ret@h/d",
        "postgres://u:1?secret=1@h/d",
        "postgres://u:12/ss?secret=d@h/d",
        "postgres://u:12/ss?secret=d&e=f@h/d",
        "postgres://u:12/ss?secret=d&secret=f@h/d",
        "postgres://u:12/ss?a=b&secret@=d",
        "postgres://u:12/ss?secret=d%40h",
        "postgres://u@h/d?password=1&secret=2",
        "postgres://u@h/d?secret",
        "postgres://u:secret@h/d?user=v"
      })
  void rejectsInvalidUrlWithoutShowingPassword(String url) {
    assertThatThrownBy(() -> DatabaseLocation.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("sec")
        .hasMessageNotContaining("ret@");
  }

  @Test
  void doesNotPrintPassword() {
    assertThat(DatabaseLocation.parse("postgres://anna:secret@db/games").toString())
        .isEqualTo("postgres://anna@db:5432/games");
  }

  private static DatabaseLocation.Server server(String url) {
    return (DatabaseLocation.Server) DatabaseLocation.parse(url);
  }
}
