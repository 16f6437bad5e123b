package dev.rookery.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.NotificationId;
import dev.rookery.base.PlayerId;
import dev.rookery.notification.Notification;
import dev.rookery.notification.NotificationKind;
import dev.rookery.translation.Catalogue;
import dev.rookery.translation.Message;
import dev.rookery.translation.Translations;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class NotificationViewTest {
  private static final Catalogue GERMAN =
      new Translations("en", new SimpleMeterRegistry()).of("de");

  @Test
  void countsMessagesInTheLanguageOfThePage() {
    assertThat(content(NotificationKind.CHAT_FRIEND, "1 new message", 1))
        .isEqualTo("1 neue Nachricht");
    assertThat(content(NotificationKind.CHAT_GROUP, "1 new message", 3))
        .isEqualTo("3 neue Nachrichten");
  }

  @Test
  void showsWhatAFriendWroteWhateverItsMetadata() {
    assertThat(content(NotificationKind.CUSTOM, "Come and play", 3)).isEqualTo("Come and play");
  }

  private static String content(NotificationKind kind, String content, long messages) {
    var notification =
        new Notification(
            new NotificationId(1),
            new PlayerId(1),
            "",
            new PlayerId(2),
            "title",
            content,
            Map.of("message_count", messages),
            0,
            false,
            kind.type(),
            kind.code());
    return GERMAN.translate(
        (Message) Objects.requireNonNull(NotificationView.of(notification).get("content")));
  }
}
