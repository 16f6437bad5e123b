package dev.rookery.config;

import java.util.Map;

/**
 * A configuration, with where it came from.
 *
 * @param origins by key; a key that is missing has its default
 */
public record LoadedConfig(NodeConfig config, Map<String, Origin> origins) {
  public LoadedConfig {
    origins = Map.copyOf(origins);
  }
}
