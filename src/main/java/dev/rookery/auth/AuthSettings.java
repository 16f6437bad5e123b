package dev.rookery.auth;

import dev.rookery.base.Limits;

/**
 * How players may come in.
 *
 * @param devices whether a device id alone opens an account
 */
public record AuthSettings(Limits limits, boolean devices) {}
