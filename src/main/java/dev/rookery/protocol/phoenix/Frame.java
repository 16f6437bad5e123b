package dev.rookery.protocol.phoenix;

import org.jspecify.annotations.Nullable;

/**
 * A decoded protocol frame. Refs are chosen by the client and echoed by the server; they are kept
 * as the JSON text of the frame ({@code "3"} with quotes), and null where the frame has null.
 */
public sealed interface Frame {
  String topic();

  /** A message from a client: a join, a leave, a heartbeat, or a channel event. */
  record Message(
      @Nullable String joinRef, @Nullable String ref, String topic, String event, Payload payload)
      implements Frame {
    /** The ref of a message that did not come over the socket, and is not answered there. */
    static final String UNANSWERED = "unanswered";

    // The objects beside the text.
    private static final int OVERHEAD = 256;

    /** About the bytes of memory that the message takes while it waits. */
    int memoryBytes() {
      return payload.bytes().length + topic.length() + event.length() + OVERHEAD;
    }

    /** Whether the client waits for a reply. */
    @SuppressWarnings("ReferenceEquality") // a client may send the same text
    boolean isAnswered() {
      return ref != UNANSWERED;
    }

    Message withoutPayload() {
      return new Message(joinRef, ref, topic, event, Payload.EMPTY);
    }
  }

  /** The reply to a message. */
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

  /** Tells the client that a joined topic has ended. */
  record End(@Nullable String joinRef, String topic, Reason reason) implements Frame {
    enum Reason {
      /** Left by the client or closed by the server: the client does not join again. */
      CLOSED("phx_close"),
      /** Failed: the client joins again. */
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
