package dev.rookery.loadrun;

import java.time.Duration;

/**
 * The bounds of runs.
 *
 * @param enabled whether runs can be started
 */
public record LoadSettings(boolean enabled, int playersMax, Duration timeMax) {}
