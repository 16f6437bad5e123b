package dev.rookery.chat;

import dev.rookery.base.MessageId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.chat.ChatCommand.Send;
import dev.rookery.player.Players;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Messages, read cursors, and when each player last sent a message, as rows. */
final class ChatStore {
  private static final String COLUMNS =
      """
      id, kind, ref, sender_id, content, metadata, created_ms, updated_ms,
      """
          + Players.nameOf("chat_message.sender_id")
          + " AS sender_name\n";

  // Filled up with rows of nulls, which are no messages. A sender who is not in the lobby inserts
  // nothing.
  private static final String INSERT =
      """
      INSERT INTO chat_message (kind, ref, sender_id, content, metadata, created_ms, updated_ms)
      SELECT 'lobby', CAST(column1 AS BIGINT), CAST(column2 AS BIGINT), column3, column4,
        CAST($1 AS BIGINT), CAST($1 AS BIGINT)
      FROM %s
      WHERE column1 IS NOT NULL AND CAST(column1 AS BIGINT) =
      """
          + Players.lobbyOf("CAST(column2 AS BIGINT)")
          + " RETURNING "
          + COLUMNS;

  private static final String FIND = "SELECT " + COLUMNS + " FROM chat_message WHERE id = $1";

  private static final String EDIT =
      """
      UPDATE chat_message
      SET content = COALESCE($1, content), metadata = COALESCE($2, metadata), updated_ms = $3
      WHERE id = $4 AND (content <> COALESCE($1, content) OR metadata <> COALESCE($2, metadata))
      RETURNING
      """
          + COLUMNS;

  private static final String DELETE = "DELETE FROM chat_message WHERE id = $1 RETURNING id";

  private static final String COUNT =
      "SELECT count(*) AS total FROM chat_message WHERE kind = $1 AND ref = $2";

  private static final String NEWEST =
      "SELECT "
          + COLUMNS
          + " FROM chat_message WHERE kind = $1 AND ref = $2 ORDER BY id DESC LIMIT $3 OFFSET $4";

  private static final String PACE =
      """
      INSERT INTO chat_pace (kind, ref, player_id, sent_ms)
      SELECT column1, CAST(column2 AS BIGINT), CAST(column3 AS BIGINT), CAST($1 AS BIGINT)
      FROM %s WHERE column1 IS NOT NULL
      ON CONFLICT (kind, ref, player_id) DO UPDATE SET sent_ms = excluded.sent_ms
      """;

  private static final String LAST_SENT =
      """
      SELECT chat_pace.player_id, chat_pace.sent_ms FROM %s
      JOIN chat_pace ON chat_pace.kind = given.column1
        AND chat_pace.ref = CAST(given.column2 AS BIGINT)
        AND chat_pace.player_id = CAST(given.column3 AS BIGINT)
      """;

  private static final String READ =
      """
      INSERT INTO chat_read (kind, ref, player_id, message_id, updated_ms)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (kind, ref, player_id) DO UPDATE SET
        message_id = CASE WHEN excluded.message_id > COALESCE(chat_read.message_id, 0)
          THEN excluded.message_id ELSE chat_read.message_id END,
        updated_ms = CASE WHEN excluded.message_id > COALESCE(chat_read.message_id, 0)
          THEN excluded.updated_ms ELSE chat_read.updated_ms END
      RETURNING message_id, updated_ms
      """;

  private static final String UNREAD =
      """
      SELECT count(*) AS unread FROM chat_message
      WHERE kind = $1 AND ref = $2 AND id > COALESCE(
        (SELECT message_id FROM chat_read WHERE kind = $1 AND ref = $2 AND player_id = $3), 0)
      """;

  private final StatementTexts texts = new StatementTexts();

  /**
   * Inserts at most {@link Placeholders#MANY_MAX} messages, one of each sender. Answers those of
   * senders who are in the conversation, in the order of their ids.
   */
  List<ChatMessage> insert(Transaction tx, List<Send> all) {
    var given = new ValuesTable(4);
    for (Send one : all) {
      given.add(one.conversation().id(), one.sender(), one.content(), json(one.metadata()));
    }
    return given.run(tx, texts, INSERT, tx.now().toEpochMilli()).all(ChatStore::message).stream()
        .sorted(Comparator.comparingLong(message -> message.id().value()))
        .toList();
  }

  Optional<ChatMessage> find(Reader reader, MessageId id) {
    return reader.read(FIND, id.value()).first(ChatStore::message);
  }

  boolean isIn(Reader reader, MessageId id, Conversation conversation) {
    return find(reader, id).map(ChatMessage::conversation).filter(conversation::equals).isPresent();
  }

  /** Empty when nothing is different. */
  Optional<ChatMessage> edit(
      Transaction tx,
      MessageId id,
      @Nullable String content,
      @Nullable Map<String, Object> metadata) {
    return tx.run(
            EDIT,
            content,
            metadata == null ? null : json(metadata),
            tx.now().toEpochMilli(),
            id.value())
        .first(ChatStore::message);
  }

  void delete(Transaction tx, MessageId id) {
    tx.run(DELETE, id.value());
  }

  Page<ChatMessage> newest(Reader reader, Conversation conversation, Page.Request page) {
    String kind = name(conversation.kind());
    long total = reader.read(COUNT, kind, conversation.id()).row(0).number("total");
    List<ChatMessage> items =
        reader
            .read(NEWEST, kind, conversation.id(), page.size(), page.offset())
            .all(ChatStore::message);
    return new Page<>(items, page.number(), page.size(), total);
  }

  /**
   * When the senders last sent a message into the conversations of these, one of each sender. The
   * caller has locked the conversations.
   */
  Map<PlayerId, Instant> lastSent(Transaction tx, List<Send> all) {
    var last = new HashMap<PlayerId, Instant>();
    paces(all)
        .run(tx, texts, LAST_SENT)
        .all(row -> row)
        .forEach(
            row ->
                last.put(
                    new PlayerId(row.number("player_id")),
                    Instant.ofEpochMilli(row.number("sent_ms"))));
    return last;
  }

  /** Notes that these messages are sent now. The caller has locked the conversations. */
  void pace(Transaction tx, List<Send> all) {
    paces(all).run(tx, texts, PACE, tx.now().toEpochMilli());
  }

  private static ValuesTable paces(List<Send> all) {
    var given = new ValuesTable(3);
    for (Send one : all) {
      given.add(name(one.conversation().kind()), one.conversation().id(), one.sender());
    }
    return given;
  }

  /** Moves the cursor forward to the message, and returns where it is then. */
  ReadCursor read(
      Transaction tx, Conversation conversation, PlayerId player, @Nullable MessageId upTo) {
    Row row =
        tx.run(
                READ,
                name(conversation.kind()),
                conversation.id(),
                player.value(),
                upTo == null ? null : upTo.value(),
                tx.now().toEpochMilli())
            .row(0);
    Long message = row.numberOrNull("message_id");
    return new ReadCursor(
        conversation, message == null ? null : new MessageId(message), row.number("updated_ms"));
  }

  long unread(Reader reader, Conversation conversation, PlayerId player) {
    return reader
        .read(UNREAD, name(conversation.kind()), conversation.id(), player.value())
        .row(0)
        .number("unread");
  }

  static String name(Conversation.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static ChatMessage message(Row row) {
    return new ChatMessage(
        new MessageId(row.number("id")),
        new Conversation(
            Conversation.Kind.valueOf(row.text("kind").toUpperCase(Locale.ROOT)),
            row.number("ref")),
        new PlayerId(row.number("sender_id")),
        row.text("sender_name"),
        row.text("content"),
        object(row.text("metadata")),
        row.number("created_ms"),
        row.number("updated_ms"));
  }

  // Most have none, and parsing would be the most expensive part of reading a row.
  private static Map<String, Object> object(String json) {
    return json.equals("{}") ? Map.of() : new JsonObject(json).getMap();
  }

  private static String json(Map<String, Object> object) {
    return object.isEmpty() ? "{}" : new JsonObject(object).encode();
  }
}
