package dev.rookery.extensionplatform;

import dev.rookery.achievement.AchievementCommand;
import dev.rookery.achievement.PlayerAchievement;
import dev.rookery.base.AchievementId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.extension.Achievement;
import dev.rookery.extension.AchievementProgress;
import dev.rookery.extension.AchievementSettings;
import dev.rookery.extension.AchievementStatistics;
import dev.rookery.extension.AchievementStatus;
import dev.rookery.extension.Achievements;
import dev.rookery.extension.PlatformException;
import dev.rookery.extension.ResultPage;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link Achievements} by commands. */
final class PlatformAchievements implements Achievements {
  private final PlatformBus bus;

  PlatformAchievements(PlatformBus bus) {
    this.bus = bus;
  }

  @Override
  public Achievement create(AchievementSettings settings) {
    var created = bus.ask(new AchievementCommand.Create(fields(settings)));
    return achievement(created.achievement());
  }

  @Override
  public Achievement update(long achievementId, AchievementSettings settings) {
    var updated =
        bus.ask(
            new AchievementCommand.Update(
                new AchievementId(achievementId), fields(settings), null));
    return achievement(updated.achievement());
  }

  private static AchievementCommand.Fields fields(AchievementSettings settings) {
    return new AchievementCommand.Fields(
        settings.slug(),
        settings.title(),
        settings.description(),
        settings.iconUrl(),
        settings.sortOrder(),
        settings.hidden(),
        settings.progressTarget(),
        settings.metadata());
  }

  @Override
  public void delete(long achievementId) {
    bus.ask(new AchievementCommand.Delete(new AchievementId(achievementId)));
  }

  @Override
  public @Nullable Achievement find(String slug) {
    var found = findStatistics(slug);
    return found == null ? null : found.achievement();
  }

  @Override
  public ResultPage<AchievementStatistics> listStatistics(int page, int pageSize) {
    return PlatformBus.result(
        bus.ask(new AchievementCommand.ListDefinitions(PlatformBus.page(page, pageSize))),
        PlatformAchievements::statistics);
  }

  @Override
  public double unlockPercentage(String slug) {
    var found = findStatistics(slug);
    if (found == null) {
      throw new PlatformException(PlatformException.Kind.NOT_FOUND, "not_found", Map.of());
    }
    return found.unlockedPercent();
  }

  private @Nullable AchievementStatistics findStatistics(String slug) {
    int number = 1;
    while (true) {
      var page =
          bus.ask(
              new AchievementCommand.ListDefinitions(
                  new Page.Request(number, AchievementCommand.PAGE_MAX)));
      for (var listed : page.items()) {
        if (listed.achievement().slug().equals(slug)) {
          return statistics(listed);
        }
      }
      if (page.items().size() < AchievementCommand.PAGE_MAX) {
        return null;
      }
      number++;
    }
  }

  @Override
  public ResultPage<Achievement> list(int page, int pageSize) {
    return PlatformBus.result(
        bus.ask(new AchievementCommand.ListDefinitions(PlatformBus.page(page, pageSize))),
        listed -> achievement(listed.achievement()));
  }

  @Override
  public ResultPage<AchievementStatus> listFor(long userId, int page, int pageSize) {
    var list =
        new AchievementCommand.ListAll(new PlayerId(userId), PlatformBus.page(page, pageSize));
    return PlatformBus.result(bus.ask(list), PlatformAchievements::status);
  }

  @Override
  public ResultPage<AchievementStatus> listUnlocked(long userId, int page, int pageSize) {
    var list =
        new AchievementCommand.ListUnlocked(new PlayerId(userId), PlatformBus.page(page, pageSize));
    return PlatformBus.result(bus.ask(list), PlatformAchievements::status);
  }

  @Override
  public AchievementProgress unlock(long userId, String slug, @Nullable String idempotencyKey) {
    var player = new PlayerId(userId);
    return progress(
        bus.ask(new AchievementCommand.Unlock(player, slug, player, bus.key(idempotencyKey))));
  }

  @Override
  public AchievementProgress increment(
      long userId, String slug, long amount, @Nullable String idempotencyKey) {
    var player = new PlayerId(userId);
    return progress(
        bus.ask(
            new AchievementCommand.Increment(
                player, slug, amount, player, bus.key(idempotencyKey))));
  }

  @Override
  public void revoke(long userId, long achievementId) {
    bus.ask(new AchievementCommand.Revoke(new PlayerId(userId), new AchievementId(achievementId)));
  }

  private static Achievement achievement(dev.rookery.achievement.Achievement stored) {
    return new Achievement(
        stored.id().value(),
        stored.slug(),
        stored.title(),
        stored.description(),
        stored.iconUrl(),
        stored.sortOrder(),
        stored.hidden(),
        stored.progressTarget(),
        stored.metadata());
  }

  private static AchievementStatistics statistics(
      dev.rookery.achievement.AchievementStatistics listed) {
    return new AchievementStatistics(
        achievement(listed.achievement()), listed.unlocked(), listed.unlockedPercent());
  }

  private static AchievementStatus status(dev.rookery.achievement.AchievementStatus status) {
    return new AchievementStatus(
        achievement(status.achievement()), status.progress(), instant(status.unlockedMs()));
  }

  private static AchievementProgress progress(PlayerAchievement stored) {
    return new AchievementProgress(
        stored.player().value(),
        stored.achievement().value(),
        stored.progress(),
        instant(stored.unlockedMs()));
  }

  private static @Nullable Instant instant(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }
}
