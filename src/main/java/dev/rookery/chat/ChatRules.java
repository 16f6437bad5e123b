package dev.rookery.chat;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.chat.ChatCommand.Send;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which messages are valid, and how soon a sender may send the next one. */
final class ChatRules {
  private final Limits limits;

  ChatRules(Limits limits) {
    this.limits = limits;
  }

  /** A message has a text, or a JSON object instead. */
  FieldErrors errorsSending(Send send) {
    FieldErrors errors =
        send.content() == null && send.contentJson() == null
            ? blank(send.metadata())
            : errorsEditing(send.content(), send.metadata());
    return errors.object("content_json", send.contentJson(), limits.metadataBytesMax());
  }

  /** A null keeps what is there. */
  FieldErrors errorsEditing(@Nullable String content, @Nullable Map<String, Object> metadata) {
    return new FieldErrors()
        .visibleLines("content", content, limits.chatContentMax())
        .object("metadata", metadata, limits.metadataBytesMax());
  }

  private FieldErrors blank(@Nullable Map<String, Object> metadata) {
    return new FieldErrors()
        .add("content", "can't be blank")
        .object("metadata", metadata, limits.metadataBytesMax());
  }

  /**
   * {@code Limited("slowdown")} with the time that is left to wait.
   *
   * @param last when the sender last sent a message; null if never
   * @param slowdownSeconds 0 if nobody has to wait
   */
  static void mustHavePaused(@Nullable Instant last, int slowdownSeconds, Instant now) {
    if (last != null && now.isBefore(last.plusSeconds(slowdownSeconds))) {
      Duration wait = Duration.between(now, last.plusSeconds(slowdownSeconds));
      throw new Refused(new Refusal.Limited("slowdown", wait));
    }
  }
}
