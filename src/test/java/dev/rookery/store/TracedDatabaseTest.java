package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TracedDatabaseTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT id FROM player WHERE id = $1 | SELECT player",
        "insert into lobby (id) SELECT id FROM party | INSERT lobby",
        "UPDATE party SET leader_id = $1 | UPDATE party",
        "DELETE FROM chat_message WHERE id = 4711 | DELETE chat_message",
        "WITH old AS (SELECT id FROM session) SELECT 1 | WITH session",
        "SELECT id FROM (SELECT id FROM lobby) AS newest | SELECT lobby",
        "SELECT 1 | SELECT"
      })
  void namesStatementsByTheirKindAndTable(String sql, String name) {
    assertThat(TracedDatabase.name(sql)).isEqualTo(name);
  }
}
