package dev.rookery.chat;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may be said, and how soon after the last time. */
final class ChatRules {
  private final Limits limits;

  ChatRules(Limits limits) {
    this.limits = limits;
  }

  FieldErrors errorsSending(@Nullable String content, Map<String, Object> metadata) {
    return content == null ? blank(metadata) : errorsEditing(content, metadata);
  }

  /** A null is kept as it was and cannot be wrong. */
  FieldErrors errorsEditing(@Nullable String content, @Nullable Map<String, Object> metadata) {
    if (content != null && content.isBlank()) {
      return blank(metadata);
    }
    return new FieldErrors()
        .text("content", content, 1, limits.chatContentMax())
        .object("metadata", metadata, limits.metadataBytesMax());
  }

  private FieldErrors blank(@Nullable Map<String, Object> metadata) {
    return new FieldErrors()
        .add("content", "can't be blank")
        .object("metadata", metadata, limits.metadataBytesMax());
  }

  static Refused tooSoon(Instant last, int slowdownSeconds, Instant now) {
    Duration wait = Duration.between(now, last.plusSeconds(slowdownSeconds));
    return new Refused(new Refusal.Limited("slowdown", wait));
  }
}
