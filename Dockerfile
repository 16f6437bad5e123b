# One node. Its data is in /data; settings come from the environment.

FROM maven:3.9.11-eclipse-temurin-25 AS build
WORKDIR /src
COPY pom.xml ./
COPY .mvn .mvn
COPY conf conf
COPY src src
RUN --mount=type=cache,target=/root/.m2 mvn -B -ntp -DskipTests package

FROM eclipse-temurin:25-jre-noble
# System libraries of the native WebRTC library.
RUN apt-get update \
  && apt-get install -y --no-install-recommends curl libdbus-1-3 libpulse0 libudev1 libx11-6 \
    libxcomposite1 libxfixes3 libxrandr2 \
  && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 rookery \
  && useradd --system --uid 10001 --gid rookery --home-dir /data --no-create-home rookery \
  && install -d -o rookery -g rookery -m 0700 /data
COPY --from=build /src/target/rookery.jar /app/rookery.jar
COPY scripts/archive scripts/backup scripts/lua scripts/restore /app/
RUN JAVA=java /app/archive /app/rookery.jar /app/rookery.aot

USER rookery
# Files of a game for browsers are served from /app/static; not from a folder in /data, which has the
# database and the secrets.
WORKDIR /app
VOLUME /data
ENV PORT=4000 \
  ROOKERY_DATA_DIR=/data
EXPOSE 4000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD curl --fail --silent --show-error --output /dev/null "http://127.0.0.1:${PORT}/api/v1/health"

# Add flags with JAVA_TOOL_OPTIONS. Opens, exports and native access are in the manifest of the jar.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-XX:+UseCompactObjectHeaders", "-XX:InlineSmallCode=500", "-XX:FreqInlineSize=100", "-XX:AOTCache=/app/rookery.aot", "-XX:+ExitOnOutOfMemoryError", "--sun-misc-unsafe-memory-access=allow", "-jar", "/app/rookery.jar"]
