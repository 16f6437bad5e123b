package dev.rookery.protocol.openturn;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Settings of the openturn wire.
 *
 * @param tokenSecret signs room tokens
 * @param publicUrl the address under which players reach the server, once it listens
 */
public record OpenturnSettings(
    String tokenSecret,
    Duration lobbyTokenFor,
    Duration gameTokenFor,
    Supplier<String> publicUrl) {}
