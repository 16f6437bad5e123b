package dev.rookery.protocol.phoenix;

import org.jspecify.annotations.Nullable;

/**
 * What the two ends say to each other. Refs are chosen by the client and echoed; they are kept as
 * the JSON text they came as ({@code "3"} with its quotes), and null where the wire says null.
 */
public sealed interface Frame {
  String topic();

  /** From a client: a join, a leave, a heartbeat, or an event of its own. */
  record Message(
      @Nullable String joinRef, @Nullable String ref, String topic, String event, Payload payload)
      implements Frame {}

  /** The one answer to a message. */
  record Reply(
      @Nullable String joinRef, @Nullable String ref, String topic, boolean ok, Payload response)
      implements Frame {
    static Reply to(Message message, boolean ok, Payload response) {
      return new Reply(message.joinRef(), message.ref(), message.topic(), ok, response);
    }

    String status() {
      return ok ? "ok" : "error";
    }
  }

  /** The end of a joined topic. */
  record End(@Nullable String joinRef, String topic, Reason reason) implements Frame {
    enum Reason {
      /** Left, or sent away: the client forgets the topic. */
      CLOSED("phx_close"),
      /** Broken: the client joins again. */
      CRASHED("phx_error");

      private final String event;

      Reason(String event) {
        this.event = event;
      }

      String event() {
        return event;
      }
    }
  }
}
