package dev.rookery.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Backups that nodes make while they run.
 *
 * @param folder where a node keeps them; null for {@code backups} in its data folder
 * @param every how often one is made without being asked; null for never
 * @param keptMax how many a node keeps; older ones are removed when a new one was made
 * @param mebibytesMax how large those that a node keeps may be together; older ones are removed,
 *     the newest is always kept
 */
public record BackupsConfig(
    @Nullable Path folder,
    @Setting(min = 600_000) @Nullable Duration every,
    @Setting(min = 1, max = 1_000) int keptMax,
    @Setting(min = 1, max = 100_000_000) int mebibytesMax) {
  static final BackupsConfig DEFAULTS = new BackupsConfig(null, null, 7, 20_480);
}
