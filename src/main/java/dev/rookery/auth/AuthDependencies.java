package dev.rookery.auth;

import dev.rookery.base.Ids;
import dev.rookery.email.EmailQueue;
import dev.rookery.session.Tokens;
import java.time.InstantSource;

/** What the ways in are made of; the same for all of them on a node. */
public record AuthDependencies(
    Tokens tokens,
    PasswordHasher passwordHasher,
    SignInThrottle throttle,
    EmailQueue outgoing,
    AuthSettings settings,
    InstantSource clock,
    Ids ids) {}
