package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.store.DatabaseLocation;
import dev.rookery.testkit.Databases;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Conditions that must hold in the database, whatever happened. */
public final class DatabaseInvariants {
  // Older events may be deleted, though not exactly in the order of their offsets.
  private static final Duration RETAINED_AT_LEAST = Duration.ofMinutes(9);

  private DatabaseInvariants() {}

  public static void assertHold(Databases.TestDatabase database) {
    assertThat(
            texts(
                database,
                """
                SELECT id::text FROM lobby
                WHERE members <> (SELECT count(*) FROM player WHERE lobby_id = lobby.id)
                   OR members > seats_max
                """))
        .as("lobbies with a wrong member count or too many members")
        .isEmpty();
    assertThat(
            texts(
                database,
                """
                SELECT id::text FROM party
                WHERE closed_ms IS NULL AND (members > max_size
                  OR members <> (SELECT count(*) FROM player WHERE party_id = party.id))
                """))
        .as("parties with a wrong member count or too many members")
        .isEmpty();
    assertThat(
            texts(
                database,
                """
                SELECT stream FROM (
                  SELECT stream, seq_offset, at_ms,
                    lag(seq_offset) OVER of_stream AS offset_before,
                    lag(at_ms) OVER of_stream AS at_ms_before
                  FROM outbox
                  WINDOW of_stream AS (PARTITION BY stream, epoch ORDER BY seq_offset)) AS events
                WHERE seq_offset <> offset_before + 1
                  AND at_ms_before > extract(epoch FROM now()) * 1000 - %d
                """
                    .formatted(RETAINED_AT_LEAST.toMillis())))
        .as("streams whose events skip an offset")
        .isEmpty();
    assertThat(
            texts(
                database,
                """
                SELECT stream.name FROM stream
                JOIN (SELECT stream, epoch, max(seq_offset) AS newest
                  FROM outbox GROUP BY stream, epoch) AS kept
                  ON kept.stream = stream.name AND kept.epoch = stream.epoch
                WHERE stream.head <> kept.newest
                """))
        .as("streams whose head is not their newest event")
        .isEmpty();
    assertThat(
            texts(
                database,
                """
                SELECT payload FROM outbox WHERE stream LIKE 'lobby:%' AND type = 'ChatEvent.Sent'
                GROUP BY stream, payload HAVING count(*) > 1
                """))
        .as("messages that are more than one event")
        .isEmpty();
  }

  public static List<String> texts(Databases.TestDatabase database, String sql) {
    try (Connection connection = connect(database)) {
      return texts(connection, sql);
    } catch (SQLException failure) {
      throw new AssertionError(sql, failure);
    }
  }

  /** The texts that a query finds, over a connection that is kept for more of them. */
  static List<String> texts(Connection connection, String sql) {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var texts = new ArrayList<String>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    } catch (SQLException failure) {
      throw new AssertionError(sql, failure);
    }
  }

  static Connection connect(Databases.TestDatabase database) throws SQLException {
    var server = (DatabaseLocation.Server) database.location();
    String url =
        "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.database();
    return DriverManager.getConnection(url, server.user(), server.password());
  }
}
