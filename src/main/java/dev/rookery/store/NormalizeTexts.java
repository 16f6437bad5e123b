package dev.rookery.store;

import dev.rookery.base.ComparedText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/**
 * Migration 54: brings texts that are compared into the forms of {@link ComparedText}. In Java,
 * because SQLite cannot normalize Unicode. Rows of ASCII alone, nearly all, have these forms
 * already and are skipped by the database.
 *
 * <p>An address whose normalized form belongs to another player stays as it is; its owner signs in
 * with it as before.
 */
final class NormalizeTexts implements JavaMigration {
  private static final int PAGE = 1_000;
  private static final String NOT_ASCII = "octet_length(%1$s) <> length(%1$s)";

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion("0054");
  }

  @Override
  public String getDescription() {
    return "normalize texts";
  }

  @Override
  public @Nullable Integer getChecksum() {
    return null;
  }

  @Override
  public boolean canExecuteInTransaction() {
    return true;
  }

  @Override
  public void migrate(Context context) throws SQLException {
    Connection connection = context.getConnection();
    update(
        connection,
        "player",
        "display_name",
        "UPDATE player SET name_key = ? WHERE id = ?",
        ComparedText::searchKey);
    update(
        connection,
        "player",
        "email",
        """
        UPDATE player SET email = given.form FROM (SELECT CAST(? AS TEXT) AS form) AS given
        WHERE id = ?
          AND NOT EXISTS (SELECT 1 FROM player AS other WHERE other.email = given.form)
        """,
        ComparedText::email);
    update(
        connection,
        "lobby",
        "title",
        "UPDATE lobby SET title_key = ? WHERE id = ?",
        ComparedText::searchKey);
    updateTokens(connection);
  }

  private static void update(
      Connection connection, String table, String column, String sql, UnaryOperator<String> form)
      throws SQLException {
    Map<Long, String> texts = page(connection, table, column, 0);
    while (!texts.isEmpty()) {
      long last = 0;
      for (Map.Entry<Long, String> text : texts.entrySet()) {
        last = text.getKey();
        update(connection, sql, form.apply(text.getValue()), last);
      }
      texts = page(connection, table, column, last);
    }
  }

  /** Tokens that were sent before still belong to the account whose address was changed. */
  private static void updateTokens(Connection connection) throws SQLException {
    var emails = new LinkedHashSet<String>();
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT DISTINCT email FROM mail_token WHERE " + NOT_ASCII.formatted("email"));
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        emails.add(rows.getString(1));
      }
    }
    try (PreparedStatement update =
        connection.prepareStatement(
            """
            UPDATE mail_token SET email = ? WHERE email = ?
              AND NOT EXISTS (SELECT 1 FROM player WHERE player.email = mail_token.email)
            """)) {
      for (String email : emails) {
        update.setString(1, ComparedText.email(email));
        update.setString(2, email);
        update.executeUpdate();
      }
    }
  }

  private static void update(Connection connection, String sql, String form, long id)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, form);
      update.setLong(2, id);
      update.executeUpdate();
    }
  }

  private static Map<Long, String> page(
      Connection connection, String table, String column, long after) throws SQLException {
    String sql =
        "SELECT id, %1$s FROM %2$s WHERE id > ? AND %3$s ORDER BY id LIMIT %4$d"
            .formatted(column, table, NOT_ASCII.formatted(column), PAGE);
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setLong(1, after);
      var texts = new LinkedHashMap<Long, String>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          texts.put(rows.getLong(1), rows.getString(2));
        }
      }
      return texts;
    }
  }
}
