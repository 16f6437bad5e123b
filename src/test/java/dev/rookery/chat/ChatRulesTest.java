package dev.rookery.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.chat.ChatCommand.Send;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ChatRulesTest {
  private static final PlayerId ANN = new PlayerId(1);

  private final ChatRules rules = new ChatRules(Limits.DEFAULTS);

  @Test
  void rejectsABlankMessage() {
    for (String nothing : new String[] {null, "", " \n\t"}) {
      assertThat(errors(nothing, Map.of()).asMap())
          .containsExactly(Map.entry("content", List.of("can't be blank")));
    }
    assertThat(errors("<b>'; --", Map.of()).isEmpty()).isTrue();
  }

  @Test
  void rejectsAMessageThatIsTooLong() {
    assertThat(errors("🎲".repeat(4_096), Map.of()).isEmpty()).isTrue();
    assertThat(errors("x".repeat(4_097), Map.of()).asMap())
        .containsExactly(Map.entry("content", List.of("should be at most 4096 character(s)")));
    assertThat(errors("x", Map.of("a", "y".repeat(16_384))).asMap())
        .containsExactly(Map.entry("metadata", List.of("is too large (max 16384 bytes)")));
  }

  @Test
  void acceptsAJsonObjectInsteadOfAText() {
    var chat = new Conversation(Conversation.Kind.LOBBY, 1);
    Map<String, Object> large = Map.of("a", "y".repeat(16_384));

    assertThat(
            rules
                .errorsSending(new Send(ANN, chat, null, Map.of(), 7, Map.of("hp", 3), null))
                .isEmpty())
        .isTrue();
    assertThat(rules.errorsSending(new Send(ANN, chat, null, Map.of(), 7, large, null)).asMap())
        .containsOnlyKeys("content_json");
  }

  @Test
  void acceptsAnEditWithoutContent() {
    assertThat(rules.errorsEditing(null, null).isEmpty()).isTrue();
    assertThat(rules.errorsEditing(" ", null).isEmpty()).isFalse();
  }

  @Test
  void limitsASenderUntilTheSlowdownIsOver() {
    var noon = Instant.parse("2026-01-01T12:00:00Z");

    assertThatThrownBy(() -> ChatRules.mustHavePaused(noon, 10, noon.plusMillis(2_500)))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.refusal())
                    .isEqualTo(new Refusal.Limited("slowdown", Duration.ofMillis(7_500))));
    assertThatCode(() -> ChatRules.mustHavePaused(noon, 10, noon.plusSeconds(10)))
        .doesNotThrowAnyException();
    assertThatCode(() -> ChatRules.mustHavePaused(null, 10, noon)).doesNotThrowAnyException();
  }

  private FieldErrors errors(@Nullable String content, Map<String, Object> metadata) {
    var chat = new Conversation(Conversation.Kind.LOBBY, 1);
    return rules.errorsSending(new Send(ANN, chat, content, metadata, null));
  }
}
