#!/bin/sh
# Installs what the system of this machine lacks: Docker, and for a card NVIDIA's driver and its toolkit for containers.
set -eu
# shellcheck source=/dev/null
. /etc/aiplayer/duty

command -v docker > /dev/null || dnf install --assumeyes docker
if [ -n "$GPUS" ] && ! command -v nvidia-smi > /dev/null; then
    dnf config-manager --add-repo https://developer.download.nvidia.com/compute/cuda/repos/amzn2023/x86_64/cuda-amzn2023.repo
    dnf install --assumeyes "kernel-devel-$(uname -r)" kernel-modules-extra
    dnf module install --assumeyes nvidia-driver:open-dkms
    dnf install --assumeyes nvidia-container-toolkit
    modprobe nvidia
fi
if [ -n "$GPUS" ]; then
    nvidia-ctk runtime configure --runtime=docker
fi
systemctl enable docker
systemctl restart docker
docker network inspect aiplayer > /dev/null 2>&1 || docker network create --subnet 172.30.61.0/24 aiplayer
