package dev.rookery.config;

import java.time.Duration;

/**
 * Traces of requests and frames, which the console shows.
 *
 * @param sample which part of them is traced, from 0 to 1; 0 for none
 * @param slow from when on a request is kept that was not sampled
 */
public record TracesConfig(double sample, @Setting(min = 1, max = 3_600_000) Duration slow) {
  static final TracesConfig DEFAULTS = new TracesConfig(0.01, Duration.ofSeconds(1));
}
