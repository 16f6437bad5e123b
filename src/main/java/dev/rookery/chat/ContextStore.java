package dev.rookery.chat;

import dev.rookery.base.MessageId;
import dev.rookery.store.Reader;
import java.util.ArrayList;
import java.util.List;

/** Reads the messages around one, also if that one is deleted. */
final class ContextStore {
  private static final String SELECT =
      "SELECT " + ChatStore.COLUMNS + " FROM chat_message WHERE id IN (%s) ORDER BY id";

  private static final String IN_ONE =
      "SELECT id FROM chat_message WHERE kind = $1 AND ref = $2 AND id %s $3 ORDER BY id %s LIMIT"
          + " $4";

  private static final String DIRECT =
      """
      SELECT id FROM (
        SELECT id FROM chat_message
        WHERE kind = 'direct' AND ref = $1 AND sender_id = $2 AND id %1$s $3
        UNION ALL
        SELECT id FROM chat_message
        WHERE kind = 'direct' AND ref = $2 AND sender_id = $1 AND id %1$s $3) AS both_ways
      ORDER BY id %2$s LIMIT $4
      """;

  /** At most so many messages before one, that one, and as many after it. */
  List<ChatMessage> around(Reader reader, Conversation conversation, MessageId one, int max) {
    var all = new ArrayList<ChatMessage>(read(reader, conversation, one, "<", "DESC", max));
    all.addAll(read(reader, conversation, one, ">=", "ASC", max + 1));
    return all;
  }

  private static List<ChatMessage> read(
      Reader reader, Conversation conversation, MessageId one, String side, String order, int max) {
    Long peer = conversation.peer();
    return (peer == null
            ? reader.read(
                SELECT.formatted(IN_ONE.formatted(side, order)),
                ChatStore.name(conversation.kind()),
                conversation.id(),
                one.value(),
                (long) max)
            : reader.read(
                SELECT.formatted(DIRECT.formatted(side, order)),
                conversation.id(),
                peer,
                one.value(),
                (long) max))
        .all(ChatStore::message);
  }
}
