package dev.rookery.chat;

import dev.rookery.base.MessageId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.chat.ChatCommand.Send;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.group.Groups;
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
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Messages, and when each player last sent one, as rows; how far players have read is in {@link
 * ReadCursorStore}.
 *
 * <p>A row of a message has the kind of its conversation and a reference: the lobby, party or
 * group, or the recipient of a direct message. A direct conversation is thus two ranges of an
 * index, one of each direction, and those that a player has not read are a part of one of them.
 */
final class ChatStore {
  static final String COLUMNS =
      """
      id, kind, ref, sender_id, content, metadata, created_ms, updated_ms, code, content_json,
      """
          + Players.nameOf("chat_message.sender_id")
          + " AS sender_name\n";

  private static final Comparator<Send> BY_SENDER =
      Comparator.comparing(Send::sender, Players.BY_ID);

  private static final String GIVEN_REF = "CAST(column1 AS BIGINT)";
  private static final String GIVEN_SENDER = "CAST(column2 AS BIGINT)";

  private static final String NOT_MUTED = MuteStore.isNotMuted(GIVEN_SENDER, "CAST($1 AS BIGINT)");

  // Filled up with rows of nulls, which are no messages. A sender who is not in the lobby, or is
  // muted, inserts nothing.
  private static final String INSERT =
      """
      INSERT INTO chat_message
        (kind, ref, sender_id, content, metadata, code, content_json, created_ms, updated_ms)
      SELECT '%%1$s', CAST(column1 AS BIGINT), CAST(column2 AS BIGINT), column3, column4,
        CAST(column5 AS INTEGER), column6, CAST($1 AS BIGINT), CAST($1 AS BIGINT)
      FROM %%3$s
      WHERE column1 IS NOT NULL AND %%2$s
      RETURNING %s
      """
          .formatted(COLUMNS);

  private static final Map<Kind, String> INSERTS =
      List.of(Kind.values()).stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  kind -> kind,
                  kind ->
                      INSERT.formatted(name(kind), membership(kind) + " AND " + NOT_MUTED, "%s")));

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

  // The ids come from the index alone, so that a later page reads no rows of the pages before it.
  private static final String NEWEST =
      "SELECT " + COLUMNS + " FROM chat_message WHERE id IN (%s) ORDER BY id DESC";

  private static final String NEWEST_IN_ONE =
      NEWEST.formatted(
          """
          SELECT id FROM chat_message WHERE kind = $1 AND ref = $2 AND id < $3
          ORDER BY id DESC LIMIT $4 OFFSET $5
          """);

  // Of each direction as many as could be on the page and before it: PostgreSQL would sort all.
  private static final String NEWEST_DIRECT =
      NEWEST.formatted(
          """
          SELECT id FROM (
            SELECT id FROM chat_message
            WHERE kind = 'direct' AND ref = $1 AND sender_id = $2 AND id < $3
            ORDER BY id DESC LIMIT $6) AS sent
          UNION ALL
          SELECT id FROM (
            SELECT id FROM chat_message
            WHERE kind = 'direct' AND ref = $2 AND sender_id = $1 AND id < $3
            ORDER BY id DESC LIMIT $6) AS received
          ORDER BY id DESC LIMIT $4 OFFSET $5
          """);

  private static final String COUNT_IN_ONE =
      """
      SELECT count(*) AS total FROM (
        SELECT 1 AS one FROM chat_message WHERE kind = $1 AND ref = $2 AND id < $3
        LIMIT $4) AS counted
      """;

  private static final String COUNT_DIRECT =
      """
      SELECT count(*) AS total FROM (
        SELECT 1 AS one FROM chat_message
        WHERE kind = 'direct' AND ref = $1 AND sender_id = $2 AND id < $3
        UNION ALL
        SELECT 1 AS one FROM chat_message
        WHERE kind = 'direct' AND ref = $2 AND sender_id = $1 AND id < $3
        LIMIT $4) AS counted
      """;

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

  private final StatementTexts texts = new StatementTexts();

  // What the insert itself checks. Direct messages are checked before.
  private static String membership(Kind kind) {
    return switch (kind) {
      case LOBBY -> GIVEN_REF + " = " + Players.lobbyOf(GIVEN_SENDER);
      case PARTY -> GIVEN_REF + " = " + Players.partyOf(GIVEN_SENDER);
      case GROUP -> Groups.memberOf(GIVEN_REF, GIVEN_SENDER) + " = 1";
      case DIRECT -> "1 = 1";
      case ROOM -> Players.adminOf(GIVEN_SENDER) + " IS NOT NULL";
    };
  }

  /**
   * Inserts at most {@link Placeholders#MANY_MAX} messages into conversations of one kind, one of
   * each sender, whom it locks by ascending id as others lock players. Answers those of senders who
   * are in the conversation, in the order of their ids.
   */
  List<ChatMessage> insert(Transaction tx, Kind kind, List<Send> all) {
    var given = new ValuesTable(6);
    // The database checks that each sender exists, and thereby locks their row.
    for (Send one : all.stream().sorted(BY_SENDER).toList()) {
      Map<String, Object> contentJson = one.contentJson();
      given.add(
          reference(one.conversation(), one.sender()),
          one.sender(),
          one.content() == null ? "" : one.content(),
          json(one.metadata()),
          one.code(),
          contentJson == null ? null : json(contentJson));
    }
    String insert = Objects.requireNonNull(INSERTS.get(kind));
    return given.run(tx, texts, insert, tx.now().toEpochMilli()).all(ChatStore::message).stream()
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

  /** Lists and counts messages before one; see {@link ChatCommand.ListMessages}. */
  Page<ChatMessage> newest(
      Reader reader, Conversation conversation, @Nullable MessageId before, Page.Request page) {
    long below = before == null ? Long.MAX_VALUE : before.value();
    long max = ChatCommand.COUNTED_MAX;
    List<ChatMessage> items =
        page.offset() < max ? newest(reader, conversation, below, page) : List.of();
    long total = page.total(items.size(), () -> count(reader, conversation, below));
    return new Page<>(items, page.number(), page.size(), Math.min(total, max));
  }

  private static long count(Reader reader, Conversation conversation, long below) {
    long max = ChatCommand.COUNTED_MAX;
    long id = conversation.id();
    Long peer = conversation.peer();
    return (peer == null
            ? reader.read(COUNT_IN_ONE, name(conversation.kind()), id, below, max)
            : reader.read(COUNT_DIRECT, id, peer, below, max))
        .row(0)
        .number("total");
  }

  private static List<ChatMessage> newest(
      Reader reader, Conversation conversation, long below, Page.Request page) {
    long size = page.size();
    long offset = page.offset();
    long id = conversation.id();
    Long peer = conversation.peer();
    return (peer == null
            ? reader.read(NEWEST_IN_ONE, name(conversation.kind()), id, below, size, offset)
            : reader.read(NEWEST_DIRECT, id, peer, below, size, offset, offset + size))
        .all(ChatStore::message);
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

  static String name(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** What rows about the conversation refer to, for one of its players. */
  static long reference(Conversation conversation, PlayerId player) {
    return conversation.kind() == Kind.DIRECT
        ? conversation.otherThan(player).value()
        : conversation.id();
  }

  static ChatMessage message(Row row) {
    Kind kind = Kind.valueOf(row.text("kind").toUpperCase(Locale.ROOT));
    long reference = row.number("ref");
    var sender = new PlayerId(row.number("sender_id"));
    String contentJson = row.textOrNull("content_json");
    return new ChatMessage(
        new MessageId(row.number("id")),
        kind == Kind.DIRECT
            ? Conversation.direct(sender, new PlayerId(reference))
            : new Conversation(kind, reference),
        sender,
        row.text("sender_name"),
        row.text("content"),
        object(row.text("metadata")),
        row.number("created_ms"),
        row.number("updated_ms"),
        (int) row.number("code"),
        contentJson == null ? null : object(contentJson));
  }

  // Most have none, and parsing would be the most expensive part of reading a row.
  private static Map<String, Object> object(String json) {
    return json.equals("{}") ? Map.of() : new JsonObject(json).getMap();
  }

  private static String json(Map<String, Object> object) {
    return object.isEmpty() ? "{}" : new JsonObject(object).encode();
  }
}
