package dev.rookery.auth;

import dev.rookery.base.Ids;
import dev.rookery.email.EmailQueue;
import dev.rookery.player.DeviceDigests;
import dev.rookery.session.Tokens;
import java.time.InstantSource;

/** The services that all sign-in methods of a node share. */
public record AuthDependencies(
    Tokens tokens,
    PasswordHasher passwordHasher,
    SignInThrottle throttle,
    EmailQueue emailQueue,
    DeviceDigests deviceDigests,
    AuthSettings settings,
    InstantSource clock,
    Ids ids) {}
