# syntax=docker/dockerfile:1
# The pawl command and its worker, as a user without rights. Two targets:
#
#   docker build --target cpu --tag pawl:0.1.0 .
#   docker build --target gpu --tag pawl:0.1.0-gpu .
#
# Everything that computes is in the image: nothing is downloaded when it runs.

FROM maven:3.9-eclipse-temurin-17 AS build
ARG COMMIT=
WORKDIR /source
COPY . .
# The tests are compiled, because modules share test classes, and not run.
RUN --mount=type=cache,target=/root/.m2 \
    mvn --batch-mode --no-transfer-progress -Dstyle.color=never \
        -Dmaven.test.skip.exec=true -Dspotless.check.skip=true \
        ${COMMIT:+-Dgit.commit.id.abbrev=$COMMIT -Dgit.dirty=false} package

# The libtorch that DJL's JNI library was built for, with CUDA 12.8: another version loads and then
# misreads memory. CUDA's libraries lie beside it, where it looks for them (../../nvidia, ../../cusparselt).
FROM python:3.12-slim-bookworm AS libtorch
RUN pip install --no-cache-dir --no-compile --target /opt/libtorch \
        --index-url https://download.pytorch.org/whl/cu128 torch==2.7.1 \
    && cd /opt/libtorch \
    && mkdir /opt/kept \
    && find torch/lib nvidia cusparselt -name '*.so*' -exec cp --parents --no-dereference {} /opt/kept ';'

FROM eclipse-temurin:17-jre-noble AS program
ARG VERSION=0.1.0
ARG COMMIT=
LABEL org.opencontainers.image.title="Pawl" \
      org.opencontainers.image.description="Durable language-model experiments with exact resume" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT"
RUN groupadd --gid 10001 pawl \
    && useradd --uid 10001 --gid pawl --no-create-home --home-dir /var/lib/pawl \
               --shell /usr/sbin/nologin pawl \
    && install --directory --owner pawl --group pawl --mode 0750 /var/lib/pawl /var/cache/pawl
COPY --from=build /source/cli/target/pawl.jar /opt/pawl/pawl.jar
COPY --from=build /source/cli/target/lib /opt/pawl/lib
COPY --from=build /source/LICENSE /source/NOTICE /opt/pawl/
COPY --from=build /source/experiments/*.yaml /opt/pawl/experiments/
COPY deploy/image/pawl /usr/local/bin/pawl
# DJL unpacks its libraries here; the home is a volume and may be another one each time.
ENV PAWL_HOME=/var/lib/pawl \
    DJL_CACHE_DIR=/var/cache/pawl
USER pawl
WORKDIR /var/lib/pawl
ENTRYPOINT ["pawl"]
CMD ["help"]

FROM program AS gpu
USER root
COPY --from=libtorch /opt/kept /opt/libtorch
# The libtorch of the CPU would never be looked at.
RUN rm /opt/pawl/lib/pytorch-native-cpu-*.jar
ENV PYTORCH_LIBRARY_PATH=/opt/libtorch/torch/lib \
    PYTORCH_VERSION=2.7.1 \
    PYTORCH_FLAVOR=cu128 \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
# Not started here: it needs the driver (libcuda.so.1), which NVIDIA's container runtime brings along.
USER pawl

# The last one is built where none is named.
FROM program AS cpu
# Unpacks the libraries that compute, and proves that they do.
RUN pawl bench --model vanilla_31 --decode-length 1 --batch-size 1 --repetitions 1 --home /tmp/home \
    && rm -r /tmp/home
