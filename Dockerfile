# The server as an image: docker build -t webdavserver .   How to run it: docs/deployment.md.

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/WebDav/WebDav.csproj src/WebDav/packages.lock.json src/WebDav/
COPY src/WebDavServer/WebDavServer.csproj src/WebDavServer/packages.lock.json src/WebDavServer/
# First the packages, as the lock files say, for any platform; then the .NET that goes into the program, and what compiling ahead needs.
RUN dotnet restore src/WebDavServer --locked-mode \
 && dotnet restore src/WebDavServer --arch $TARGETARCH -p:Standalone=true
COPY appsettings.json ./
COPY src src
# The volume is open to all, so that a container can run as any user; nothing else can be written by anyone but root.
RUN dotnet publish src/WebDavServer --no-restore --configuration Release --arch $TARGETARCH -p:Standalone=true -p:RunAnalyzers=false --output /image/app \
 && mkdir --mode=0777 /image/data

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0
LABEL org.opencontainers.image.title="WebDavServer" \
      org.opencontainers.image.description="Serves a directory over WebDAV"
COPY --from=build /image/ /
# Not /data: a settings file in the current directory counts, and whoever may write to the server could upload one.
WORKDIR /app
# Docker kills what has not ended ten seconds after SIGTERM. Without diagnostics the runtime writes nothing to /tmp.
ENV Urls=http://*:8080 \
    WebDav__Root=/data \
    Operations__ShutdownWait=00:00:01 \
    DOTNET_EnableDiagnostics=0
USER $APP_UID
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["/app/WebDavServer", "health"]
ENTRYPOINT ["/app/WebDavServer"]
