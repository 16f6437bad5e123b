package dev.rookery.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One key of the configuration, as a text for people.
 *
 * @param key such as {@code http.port}
 * @param value null if it is not set, or is a secret
 * @param standard the default; null if there is none
 * @param secret the secret; null if the key is none, or is not set
 * @param isSecret whether the key holds a secret
 * @param environment the names of its environment variables
 * @param meaning from {@code conf/reference.yaml}
 */
public record ConfigItem(
    String key,
    @Nullable String value,
    @Nullable String standard,
    @Nullable Secret secret,
    boolean isSecret,
    Origin origin,
    List<String> environment,
    String meaning) {}
