package dev.rookery.protocol.openturn;

import dev.rookery.match.ShownPayloads;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Settings of the openturn wire.
 *
 * @param tokenSecret signs room tokens
 * @param payloads of actions that players are shown
 * @param publicUrl the address under which players reach the server, once it listens
 */
public record OpenturnSettings(
    String tokenSecret,
    Duration lobbyTokenFor,
    Duration gameTokenFor,
    ShownPayloads payloads,
    Supplier<String> publicUrl) {}
