module platform/rehearsal/manifests

go 1.26

require (
	github.com/argoproj/argo-cd/v3 v3.4.4
	github.com/cert-manager/cert-manager v1.21.2
	istio.io/istio v0.0.0-20260827124520-eed52ebb66ad
	sigs.k8s.io/gateway-api v1.6.0
	sigs.k8s.io/secrets-store-csi-driver v1.5.3
)
