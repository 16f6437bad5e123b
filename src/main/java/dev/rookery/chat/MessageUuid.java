package dev.rookery.chat;

import dev.rookery.base.MessageId;
import dev.rookery.base.NumberedUuid;
import java.util.Optional;

/** The id of a message as a UUID, for wires that know no integers. */
public final class MessageUuid {
  private static final NumberedUuid UUIDS = new NumberedUuid("6d657373-6167-8000-8000-");

  private MessageUuid() {}

  public static String of(MessageId message) {
    return UUIDS.of(message.value());
  }

  /** Empty if the UUID is not that of a message. */
  public static Optional<MessageId> parse(String text) {
    return UUIDS.parse(text).map(MessageId::new);
  }
}
