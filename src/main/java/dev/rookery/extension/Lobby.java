package dev.rookery.extension;

import java.util.Map;

/**
 * A lobby. Created by the server alone; later versions may add components.
 *
 * @param hostId -1 if it has no host
 * @param maxUsers how many players can be in it
 * @param users how many are
 */
public record Lobby(
    long id,
    String title,
    long hostId,
    boolean hostless,
    int maxUsers,
    boolean hidden,
    boolean locked,
    boolean passworded,
    Map<String, Object> metadata,
    int users) {}
