package dev.rookery.chat;

import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.notification.PersonalMute;
import dev.rookery.notification.PersonalMutes;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** How far each player has read in each conversation, as rows, and what is unread behind that. */
final class ReadCursorStore {
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

  private static final String READ_UP_TO =
      """
      SELECT message_id, updated_ms FROM chat_read
      WHERE kind = $1 AND ref = $2 AND player_id = $3
      """;

  // Columns: the reference of the player's read cursor. What the player has muted is not unread.
  private static final String UNREAD =
      """
      SELECT given.column1 AS ref, CASE WHEN %s THEN 0 %s END AS unread
      FROM %%s WHERE given.column1 IS NOT NULL
      """;

  private static final String UNREAD_MESSAGES =
      """
      FROM chat_message
      WHERE kind = '%1$s' AND %2$s AND id > COALESCE((
        SELECT message_id FROM chat_read
        WHERE chat_read.kind = '%1$s' AND chat_read.ref = CAST(given.column1 AS BIGINT)
          AND chat_read.player_id = $1), 0)
      LIMIT $2\
      """;

  private static final Map<Kind, String> UNREADS =
      List.of(Kind.values()).stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  kind -> kind, kind -> UNREAD.formatted(muted(kind), countUnread(kind))));

  private final StatementTexts texts = new StatementTexts();

  // What other players wrote to the player, or all messages where many read.
  private static String unread(Kind kind) {
    return switch (kind) {
      case LOBBY, PARTY, GROUP, ROOM -> "chat_message.ref = CAST(given.column1 AS BIGINT)";
      case DIRECT ->
          "chat_message.ref = $1 AND chat_message.sender_id = CAST(given.column1 AS BIGINT)";
    };
  }

  /**
   * The rest of the CASE that counts. An index has all that is counted, unless the player has muted
   * others. Then as many messages are looked at as are counted, those of muted players too.
   */
  private static String countUnread(Kind kind) {
    String messages = UNREAD_MESSAGES.formatted(ChatStore.name(kind), unread(kind));
    String all = "ELSE (SELECT count(*) FROM (SELECT 1 AS one " + messages + ") AS counted)";
    if (kind == Kind.DIRECT) {
      return all;
    }
    return """
    WHEN EXISTS (%1$s) THEN (
      SELECT count(*) FROM (SELECT sender_id %2$s) AS counted
      WHERE counted.sender_id NOT IN (%1$s))
    %3$s\
    """
        .formatted(PersonalMutes.mutedPlayers("$1", "$3"), messages, all);
  }

  private static String muted(Kind kind) {
    PersonalMute.Kind[] kinds =
        switch (kind) {
          case LOBBY -> new PersonalMute.Kind[] {PersonalMute.Kind.LOBBY};
          case PARTY -> new PersonalMute.Kind[] {PersonalMute.Kind.PARTY};
          case GROUP -> new PersonalMute.Kind[] {PersonalMute.Kind.GROUP};
          case DIRECT ->
              new PersonalMute.Kind[] {PersonalMute.Kind.DIRECT, PersonalMute.Kind.PLAYER};
          case ROOM -> new PersonalMute.Kind[0];
        };
    return kinds.length == 0
        ? "1 = 0"
        : PersonalMutes.isMuted("$1", "CAST(given.column1 AS BIGINT)", "$3", kinds);
  }

  /** Moves the cursor forward to the message, and returns where it is then. */
  ReadCursor moveTo(Transaction tx, Conversation conversation, PlayerId player, MessageId upTo) {
    return tx.run(
            READ,
            ChatStore.name(conversation.kind()),
            ChatStore.reference(conversation, player),
            player.value(),
            upTo.value(),
            tx.now().toEpochMilli())
        .first(row -> cursor(conversation, row))
        .orElseThrow();
  }

  /** Where the cursor is; one without a message if there is none. */
  ReadCursor find(Transaction tx, Conversation conversation, PlayerId player) {
    return tx.run(
            READ_UP_TO,
            ChatStore.name(conversation.kind()),
            ChatStore.reference(conversation, player),
            player.value())
        .first(row -> cursor(conversation, row))
        .orElseGet(() -> new ReadCursor(conversation, null, tx.now().toEpochMilli()));
  }

  private static ReadCursor cursor(Conversation conversation, Row row) {
    Long message = row.numberOrNull("message_id");
    return new ReadCursor(
        conversation, message == null ? null : new MessageId(message), row.number("updated_ms"));
  }

  /**
   * Counts the unread messages in at most {@link Placeholders#MANY_MAX} conversations of one kind.
   */
  Map<Conversation, Long> unread(
      Reader reader,
      Kind kind,
      Collection<Conversation> conversations,
      PlayerId player,
      long nowMs) {
    var byReference = new HashMap<Long, Conversation>();
    conversations.forEach(one -> byReference.put(ChatStore.reference(one, player), one));
    var given = new ValuesTable(1);
    byReference.keySet().forEach(given::add);
    String text = Objects.requireNonNull(UNREADS.get(kind));
    var unread = new HashMap<Conversation, Long>();
    given
        .read(reader, texts, text, player.value(), (long) ChatCommand.COUNTED_MAX, nowMs)
        .all(row -> row)
        .forEach(
            row ->
                unread.put(
                    Objects.requireNonNull(byReference.get(Long.valueOf(row.text("ref")))),
                    row.number("unread")));
    return unread;
  }
}
