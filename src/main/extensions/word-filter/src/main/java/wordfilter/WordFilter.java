package wordfilter;

import dev.rookery.extension.AchievementSettings;
import dev.rookery.extension.AchievementUnlocked;
import dev.rookery.extension.ChatDraft;
import dev.rookery.extension.ChatMessage;
import dev.rookery.extension.Committed;
import dev.rookery.extension.Extension;
import dev.rookery.extension.ExtensionContext;
import dev.rookery.extension.KvScope;
import dev.rookery.extension.Platform;
import dev.rookery.extension.PlatformException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Hides words in chat messages, and rewards players who write without them: ten such messages
 * unlock an achievement, and the achievement gives coins.
 *
 * <p>Configuration: {@code words}, a list. What a player has got is in their key-value entry {@code
 * reward/polite_player}.
 */
public final class WordFilter implements Extension {
  private static final String ACHIEVEMENT = "polite_player";
  private static final int MESSAGES = 10;
  private static final int COINS = 100;
  private static final String HIDDEN = "filtered";

  private Platform platform;
  private Pattern words;
  private long achievementId;

  @Override
  public void start(ExtensionContext context) {
    platform = context.platform();
    words = pattern(context.config());
    achievementId = achievement();
    context.beforeHooks().chatMessage(this::filter);
    context.afterHooks().chatMessage(this::count);
    context.afterHooks().achievementUnlocked(this::reward);
  }

  private static Pattern pattern(JsonObject config) {
    List<String> listed =
        config.getJsonArray("words", JsonArray.of("darn", "heck")).stream()
            .map(word -> Pattern.quote(word.toString()))
            .toList();
    return Pattern.compile(
        listed.isEmpty()
            ? "(?!)"
            : listed.stream().collect(Collectors.joining("|", "\\b(", ")\\b")),
        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);
  }

  /** Finds the achievement, or creates it. Every node does this; one of them is first. */
  private long achievement() {
    var found = platform.achievements().find(ACHIEVEMENT);
    if (found != null) {
      return found.id();
    }
    try {
      return platform
          .achievements()
          .create(
              AchievementSettings.named(ACHIEVEMENT, "Polite player")
                  .withDescription("Write " + MESSAGES + " messages without bad words")
                  .withProgressTarget(MESSAGES))
          .id();
    } catch (PlatformException taken) {
      found = platform.achievements().find(ACHIEVEMENT);
      if (found == null) {
        throw taken;
      }
      return found.id();
    }
  }

  /** Before a message is stored: replaces the words, and marks the message. */
  private ChatDraft filter(ChatDraft message) {
    String text = message.content();
    if (text == null || !words.matcher(text).find()) {
      return message;
    }
    Map<String, Object> metadata = new HashMap<>(message.metadata());
    metadata.put(HIDDEN, true);
    return message
        .withContent(words.matcher(text).replaceAll(word -> "*".repeat(word.group().length())))
        .withMetadata(metadata);
  }

  /**
   * After a message is stored. The hook may run again for the same message; the key of the change
   * makes the server count it once.
   */
  private void count(Committed<ChatMessage> sent) {
    ChatMessage message = sent.change();
    if (!Boolean.TRUE.equals(message.metadata().get(HIDDEN))) {
      platform.achievements().increment(message.senderId(), ACHIEVEMENT, 1, sent.key());
    }
  }

  /** After an achievement is unlocked. An entry that exists already was given before. */
  private void reward(Committed<AchievementUnlocked> unlocked) {
    AchievementUnlocked change = unlocked.change();
    if (change.achievementId() != achievementId) {
      return;
    }
    try {
      platform
          .kv()
          .create(
              "reward/" + ACHIEVEMENT,
              Map.of("coins", COINS),
              Map.of(),
              KvScope.ofUser(change.userId()));
    } catch (PlatformException refused) {
      if (!refused.code().equals("version_conflict")) {
        throw refused;
      }
    }
    platform
        .notifications()
        .create(
            change.userId(),
            change.userId(),
            "Reward",
            COINS + " coins",
            Map.of("coins", COINS),
            unlocked.key());
  }
}
