package dev.rookery.chat;

import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import dev.rookery.chat.ChatCase.Decision;
import dev.rookery.player.Export;
import dev.rookery.player.Players;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Cases and reports as rows. */
final class CaseStore {
  private static final long REPORTS_SHOWN = 100;
  static final int REMOVED_MAX = 500;
  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  private static final String SELECT =
      """
      SELECT id, player_id, message_id, kind, ref, content, reports, rule, state, decision,
        decided_by, created_ms, changed_ms, %s AS player_name
      FROM chat_case
      """
          .formatted(Players.nameOf("chat_case.player_id"));

  // A case that was closed is opened again by who reports it later.
  private static final String OPEN =
      """
      INSERT INTO chat_case (subject, player_id, message_id, kind, ref, content, reports, rule,
        state, decision, decided_by, created_ms, changed_ms)
      VALUES ($1, $2, $3, $4, $5, $6, 0, '', 'open', '', 0, $7, $7)
      ON CONFLICT (subject) DO UPDATE SET state = 'open', changed_ms = excluded.changed_ms
      RETURNING id
      """;

  private static final String FIND_OPENED =
      """
      SELECT 1 AS one FROM chat_report
      JOIN chat_case ON chat_case.id = chat_report.case_id
      WHERE chat_case.subject = $1 AND chat_report.reporter_id = $2
      """;

  private static final String REPORT =
      """
      INSERT INTO chat_report (case_id, reporter_id, reason, text, created_ms)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT DO NOTHING
      RETURNING case_id
      """;

  private static final String COUNT_REPORT =
      "UPDATE chat_case SET reports = reports + 1 WHERE id = $1";

  private static final String FLAG = "UPDATE chat_case SET rule = $1 WHERE id = $2";

  private static final String OF_REPORTER =
      "SELECT COUNT(*) AS total FROM chat_report WHERE reporter_id = $1 AND created_ms > $2";

  private static final String CLOSE =
      """
      UPDATE chat_case SET state = 'closed', decision = $1, decided_by = $2, changed_ms = $3
      WHERE %s AND state = 'open' RETURNING id
      """;

  private static final String REPORTS =
      """
      SELECT reporter_id, reason, text, created_ms FROM chat_report
      WHERE case_id = $1 ORDER BY created_ms, reporter_id LIMIT $2
      """;

  private static final String REMOVE_REPORTS = "DELETE FROM chat_report WHERE case_id IN (%s)";

  private static final String EXPORT_REPORTS =
      """
      SELECT chat_case.id, chat_case.player_id, reason, text, chat_report.created_ms
      FROM chat_report JOIN chat_case ON chat_case.id = chat_report.case_id
      WHERE chat_report.reporter_id = $1 AND chat_case.id > $2 ORDER BY chat_case.id LIMIT $3
      """;

  private static final String EXPORT_CASES =
      """
      SELECT id, content, state, decision, created_ms FROM chat_case
      WHERE player_id = $1 AND id > $2 ORDER BY id LIMIT $3
      """;

  private static final String OLD =
      """
      SELECT id FROM chat_case WHERE (state = 'closed' OR reports = 0) AND changed_ms < $1
      ORDER BY changed_ms, id LIMIT $2
      """;

  /** Opens the case of a message, or finds it. */
  long open(Transaction tx, ChatMessage message) {
    PlayerId recipient = message.recipient();
    Map<String, Object> json = message.contentJson();
    return open(
        tx,
        subject(message.id()),
        message.sender(),
        message.id().value(),
        ChatStore.name(message.conversation().kind()),
        recipient == null ? message.conversation().id() : recipient.value(),
        json == null ? message.content() : new JsonObject(json).encode());
  }

  /** Opens the case of a player, or finds it. */
  long open(Transaction tx, PlayerId player) {
    return open(tx, subject(player), player, 0, "", 0, "");
  }

  static String subject(MessageId message) {
    return "message:" + message.value();
  }

  static String subject(PlayerId player) {
    return "player:" + player.value();
  }

  private static long open(
      Transaction tx,
      String subject,
      PlayerId player,
      long message,
      String kind,
      long reference,
      String content) {
    return tx.run(
            OPEN,
            subject,
            player.value(),
            message,
            kind,
            reference,
            content,
            tx.now().toEpochMilli())
        .row(0)
        .number("id");
  }

  boolean hasReported(Reader reader, String subject, PlayerId reporter) {
    return !reader.read(FIND_OPENED, subject, reporter.value()).isEmpty();
  }

  void report(Transaction tx, long id, ChatReport report) {
    boolean first =
        !tx.run(
                REPORT,
                id,
                report.reporter().value(),
                report.reason().text(),
                report.text(),
                report.createdMs())
            .isEmpty();
    if (first) {
      tx.run(COUNT_REPORT, id);
    }
  }

  /** Notes which rule of the filter flagged the message. */
  void flag(Transaction tx, long id, String rule) {
    tx.run(FLAG, rule, id);
  }

  /** How much a player has reported in the last day. */
  long countOfDay(Reader reader, PlayerId reporter, long nowMs) {
    return reader.read(OF_REPORTER, reporter.value(), nowMs - DAY_MS).row(0).number("total");
  }

  Optional<ChatCase> find(Reader reader, long id) {
    return reader.read(SELECT + "WHERE id = $1", id).first(CaseStore::chatCase);
  }

  List<ChatCase> list(Reader reader, ModerationCommand.ListCases list, int max) {
    PlayerId player = list.player();
    String state = list.open() ? "open" : "closed";
    Long last = list.before();
    long before = last == null ? Long.MAX_VALUE : last;
    return (player == null
            ? reader.read(
                SELECT + "WHERE state = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                state,
                before,
                (long) max)
            : reader.read(
                SELECT
                    + "WHERE player_id = $1 AND state = $2 AND id < $3 ORDER BY id DESC LIMIT $4",
                player.value(),
                state,
                before,
                (long) max))
        .all(CaseStore::chatCase);
  }

  /** Other cases of a player, open and closed, the newest first. */
  List<ChatCase> others(Reader reader, ChatCase than, int max) {
    return reader
        .read(
            SELECT + "WHERE player_id = $1 AND id <> $2 ORDER BY id DESC LIMIT $3",
            than.player().value(),
            than.id(),
            (long) max)
        .all(CaseStore::chatCase);
  }

  List<ChatReport> reports(Reader reader, long id) {
    return reader
        .read(REPORTS, id, REPORTS_SHOWN)
        .all(
            row ->
                new ChatReport(
                    new PlayerId(row.number("reporter_id")),
                    ChatReport.Reason.of(row.text("reason")).orElse(ChatReport.Reason.OTHER),
                    row.text("text"),
                    row.number("created_ms")));
  }

  /** False if it is closed already. */
  boolean close(Transaction tx, long id, Decision decision, PlayerId admin) {
    return !close(tx, "id = $4", id, decision, admin).isEmpty();
  }

  void closeAllOf(Transaction tx, PlayerId player, Decision decision, PlayerId admin) {
    close(tx, "player_id = $4", player.value(), decision, admin);
  }

  private static List<Row> close(
      Transaction tx, String which, long value, Decision decision, PlayerId admin) {
    return tx.run(
            CLOSE.formatted(which), decision.text(), admin.value(), tx.now().toEpochMilli(), value)
        .all(row -> row);
  }

  /**
   * Removes some cases that nothing has changed since, if they are closed or no player has reported
   * them; returns how many.
   */
  int removeClosed(Transaction tx, long beforeMs) {
    tx.run(REMOVE_REPORTS.formatted(OLD), beforeMs, (long) REMOVED_MAX);
    return tx.run(
            "DELETE FROM chat_case WHERE id IN (" + OLD + ") RETURNING id",
            beforeMs,
            (long) REMOVED_MAX)
        .size();
  }

  /** What a player has reported. */
  Export.Part exportReports(Reader reader, Export asked) {
    return Export.Part.of(
        reader
            .read(EXPORT_REPORTS, asked.player().value(), asked.afterId(), (long) Export.ROWS_MAX)
            .all(
                row ->
                    JsonObject.of(
                        "id",
                        row.number("id"),
                        "user_id",
                        row.number("player_id"),
                        "reason",
                        row.text("reason"),
                        "text",
                        row.text("text"),
                        "at",
                        Export.time(row.number("created_ms")))),
        report -> report.getLong("id"));
  }

  /** What was reported of a player, without who has reported it. */
  Export.Part exportCases(Reader reader, Export asked) {
    return Export.Part.of(
        reader
            .read(EXPORT_CASES, asked.player().value(), asked.afterId(), (long) Export.ROWS_MAX)
            .all(
                row ->
                    JsonObject.of(
                        "id",
                        row.number("id"),
                        "content",
                        row.text("content"),
                        "state",
                        row.text("state"),
                        "decision",
                        row.text("decision"),
                        "at",
                        Export.time(row.number("created_ms")))),
        one -> one.getLong("id"));
  }

  private static ChatCase chatCase(Row row) {
    var player = new PlayerId(row.number("player_id"));
    long message = row.number("message_id");
    boolean open = row.text("state").equals("open");
    return new ChatCase(
        row.number("id"),
        player,
        row.text("player_name"),
        message == 0 ? null : new MessageId(message),
        message == 0 ? null : conversation(player, row),
        row.text("content"),
        row.number("reports"),
        row.text("rule"),
        open ? null : Decision.of(row.text("decision")),
        open ? null : new PlayerId(row.number("decided_by")),
        row.number("created_ms"),
        row.number("changed_ms"));
  }

  private static @Nullable Conversation conversation(PlayerId sender, Row row) {
    var kind = Conversation.Kind.valueOf(row.text("kind").toUpperCase(Locale.ROOT));
    long reference = row.number("ref");
    return kind == Conversation.Kind.DIRECT
        ? Conversation.direct(sender, new PlayerId(reference))
        : new Conversation(kind, reference);
  }
}
