package dev.rookery.console;

import dev.rookery.base.Refused;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples the meters of this node, and restores what earlier runs stored. Used on the thread of one
 * verticle.
 */
final class MetricSampler {
  private static final Logger LOG = LoggerFactory.getLogger(MetricSampler.class);

  private final MetricHistory history;
  private final InstantSource clock;
  private boolean restored;
  private boolean restoring;

  MetricSampler(MetricHistory history, InstantSource clock) {
    this.history = history;
    this.clock = clock;
  }

  /** To be called every {@link MetricHistory#SAMPLE_EVERY}; a failure is logged. */
  void sample() {
    try {
      if (!restored && !restoring) {
        restore();
      }
      history.sample(clock.millis(), System.nanoTime());
    } catch (Refused unavailable) {
      LOG.debug("the history of meters was not stored", unavailable);
    } catch (RuntimeException failure) {
      LOG.warn("the meters were not sampled", failure);
    }
  }

  /** Samples go on meanwhile; what fails is tried again with the next one. */
  private void restore() {
    restoring = true;
    try {
      history.restore(clock.millis());
      restored = true;
    } finally {
      restoring = false;
    }
  }
}
