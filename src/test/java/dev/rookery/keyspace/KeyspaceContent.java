package dev.rookery.keyspace;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Replies and whole keyspaces as texts that can be compared and printed. */
final class KeyspaceContent {
  /** How elements of a reply are ordered before they are compared. */
  enum Order {
    AS_IS,
    ANY,
    PAIRS_IN_ANY_ORDER,
    SCAN,
    SCAN_OF_PAIRS
  }

  private KeyspaceContent() {}

  static byte[][] command(String... words) {
    var command = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      command[i] = words[i].getBytes(ISO_8859_1);
    }
    return command;
  }

  static String text(byte[][] command) {
    var words = new ArrayList<String>();
    for (byte[] word : command) {
      words.add('"' + new String(word, ISO_8859_1) + '"');
    }
    return String.join(" ", words);
  }

  static String text(Reply reply) {
    return switch (reply) {
      case Reply.Status status -> "+" + status.text();
      case Reply.Error error -> "-" + error.text();
      case Reply.Int number -> ":" + number.value();
      case Reply.Bulk bulk -> '"' + new String(bulk.bytes(), ISO_8859_1) + '"';
      case Reply.Nil _ -> "nil";
      case Reply.Array array ->
          array.items().stream().map(KeyspaceContent::text).toList().toString();
    };
  }

  static String text(Reply reply, Order order) {
    if (!(reply instanceof Reply.Array(List<Reply> items))) {
      return text(reply);
    }
    return switch (order) {
      case AS_IS -> text(reply);
      case ANY -> items.stream().map(KeyspaceContent::text).sorted().toList().toString();
      case PAIRS_IN_ANY_ORDER -> pairs(items);
      case SCAN -> text(items.get(1), Order.ANY);
      case SCAN_OF_PAIRS -> text(items.get(1), Order.PAIRS_IN_ANY_ORDER);
    };
  }

  private static String pairs(List<Reply> items) {
    var pairs = new ArrayList<String>();
    for (int i = 0; i + 1 < items.size(); i += 2) {
      pairs.add(text(items.get(i)) + "=" + text(items.get(i + 1)));
    }
    pairs.sort(null);
    return pairs.toString();
  }

  /** Everything that an engine holds, without times of expiry. */
  static Map<String, String> of(Function<byte[][], Reply> engine) {
    var content = new TreeMap<String, String>();
    Reply keys = engine.apply(command("KEYS", "*"));
    for (Reply key : ((Reply.Array) keys).items()) {
      String name = new String(((Reply.Bulk) key).bytes(), ISO_8859_1);
      String type = text(engine.apply(command("TYPE", name)));
      String value =
          switch (type) {
            case "+string" -> text(engine.apply(command("GET", name)));
            case "+hash" -> text(engine.apply(command("HGETALL", name)), Order.PAIRS_IN_ANY_ORDER);
            case "+list" -> text(engine.apply(command("LRANGE", name, "0", "-1")));
            case "+set" -> text(engine.apply(command("SMEMBERS", name)), Order.ANY);
            case "+zset" -> text(engine.apply(command("ZRANGE", name, "0", "-1", "WITHSCORES")));
            case "+stream" -> text(engine.apply(command("XRANGE", name, "-", "+")));
            default -> throw new AssertionError(type);
          };
      content.put(name, type + " " + value);
    }
    return content;
  }
}
