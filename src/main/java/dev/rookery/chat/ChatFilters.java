package dev.rookery.chat;

import dev.rookery.base.Refused;
import dev.rookery.chat.ChatCommand.Send;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.chat.FilterCommand.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The filter of this node as it is now, and what it does with messages. A message costs nothing
 * where there is no rule, and no statement unless it is flagged.
 */
public final class ChatFilters {
  private final Counter refused;
  private final Counter masked;
  private final Counter flagged;
  private volatile ChatFilter filter = ChatFilter.NONE;

  public ChatFilters(MeterRegistry meters) {
    this.refused = counter(meters, "refuse");
    this.masked = counter(meters, "mask");
    this.flagged = counter(meters, "flag");
  }

  private static Counter counter(MeterRegistry meters, String action) {
    return Counter.builder("rookery.chat.filtered")
        .description("Messages that the filter refused, masked or flagged")
        .tag("action", action)
        .register(meters);
  }

  void replace(ChatFilter now) {
    filter = now;
  }

  ChatFilter current() {
    return filter;
  }

  /**
   * A message after the filter.
   *
   * @param refused the rule because of which it is not sent; null if it is
   * @param flagged the rule because of which moderators see it; null if they do not
   */
  record Filtered(Send send, @Nullable String refused, @Nullable String flagged) {
    /** {@code Denied("message_filtered")}. */
    void refuse() {
      if (refused != null) {
        throw Refused.denied("message_filtered");
      }
    }
  }

  Filtered filter(Send send) {
    ChatFilter now = filter;
    if (now.isEmpty()) {
      return new Filtered(send, null, null);
    }
    Kind kind = send.conversation().kind();
    Map<String, Object> json = send.contentJson();
    if (json != null) {
      var checked = now.check(kind, json);
      return filtered(send, send.content(), checked.object(), checked.verdict());
    }
    String content = send.content();
    if (content == null) {
      return new Filtered(send, null, null);
    }
    Verdict verdict = now.check(kind, content);
    return filtered(send, verdict.text(), null, verdict);
  }

  private Filtered filtered(
      Send send, @Nullable String content, @Nullable Map<String, Object> json, Verdict verdict) {
    boolean same =
        content == null || content.equals(send.content())
            ? json == null || json.equals(send.contentJson())
            : false;
    count(verdict, !same);
    Send changed =
        same
            ? send
            : new Send(
                send.sender(),
                send.conversation(),
                content,
                send.metadata(),
                send.code(),
                json,
                send.idempotencyKey());
    return new Filtered(changed, verdict.refused(), verdict.flagged());
  }

  private void count(Verdict verdict, boolean changed) {
    if (verdict.refused() != null) {
      refused.increment();
    } else {
      if (changed) {
        masked.increment();
      }
      if (verdict.flagged() != null) {
        flagged.increment();
      }
    }
  }

  /** What the filter does with the new text of a message. */
  Verdict filter(Kind kind, String content) {
    Verdict verdict = filter.check(kind, content);
    count(verdict, !verdict.text().equals(content));
    return verdict;
  }
}
